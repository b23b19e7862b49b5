//! Providers that npm installs.

mod against_oidc_provider;
