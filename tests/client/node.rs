//! Providers that npm installs.

pub(crate) mod against_oidc_provider;
