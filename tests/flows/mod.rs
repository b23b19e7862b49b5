//! Whole walks through the provider, as a careful client and an honest person take them.

mod account;
mod authorization_code;
mod claims;
mod client_credentials;
mod client_secret_jwt;
mod consent;
mod id_token_hint;
mod introspection;
mod issuer_path;
mod logo;
pub(crate) mod logout;
mod opaque_access_token;
mod private_key_jwt;
mod prompt;
mod refresh_token;
mod response_mode;
mod revocation;
mod userinfo;
mod withdrawn_scope;
