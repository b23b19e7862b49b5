//! A sign-in under way.

use grantway_core::scope::ScopeSet;
use grantway_core::secret::{Secret, on_the_wire};
use serde::{Deserialize, Serialize};

/// What is needed when a person comes back. It is good for one sign-in: take it out of where it was kept before
/// [`Client::finish`](crate::Client::finish) is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingSignIn {
    #[serde(with = "on_the_wire")]
    pub(crate) state: Secret,
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<Secret>,
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub(crate) code_verifier: Option<Secret>,
    pub(crate) redirect_uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: String,
    pub(crate) scope: ScopeSet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_age_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
}

impl PendingSignIn {
    /// By this it is found again when somebody comes back, where several may be under way in one browser.
    #[must_use]
    pub const fn state(&self) -> &Secret {
        &self.state
    }
}
