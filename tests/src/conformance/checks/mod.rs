//! What every module looks at that gets so far: a file for each thing that an issuer sends.

pub(crate) mod callback;
pub(crate) mod description;
mod entropy;
mod id_token;
mod keys;
pub(crate) mod metadata;
mod provider;
pub(crate) mod token_response;
pub(crate) mod userinfo;

pub(crate) use id_token::{Expected, IdToken, SUB_STAYS};
pub(crate) use keys::Keys;
pub(crate) use provider::Provider;
