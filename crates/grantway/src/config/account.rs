//! `[[account]]`: a person who may sign in.

use grantway_core::account::Account;
use grantway_core::claims::StandardClaims;
use grantway_core::ids::Subject;
use grantway_core::secret::{Secret, on_the_wire};
use serde::Deserialize;
use serde_json::{Map, Value};

/// As it stands in the file. An account that exists is left as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredAccount {
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    #[serde(default, with = "on_the_wire::option")]
    pub(crate) password: Option<Secret>,
    /// Any of the standard claims by name.
    #[serde(default)]
    pub(crate) claims: StandardClaims,
    #[serde(default)]
    pub(crate) public_metadata: Map<String, Value>,
    #[serde(default)]
    pub(crate) private_metadata: Map<String, Value>,
    #[serde(default)]
    pub(crate) unsafe_metadata: Map<String, Value>,
}

impl DeclaredAccount {
    /// The account it asks for, under a name of its own.
    pub(crate) fn account(&self, subject: Subject) -> Account {
        let mut claims = self.claims.clone();
        claims.preferred_username.get_or_insert_with(|| self.username.clone());
        if let Some(email) = &self.email {
            claims.email.get_or_insert_with(|| email.clone());
        }
        Account {
            subject,
            claims,
            public_metadata: self.public_metadata.clone(),
            private_metadata: self.private_metadata.clone(),
            unsafe_metadata: self.unsafe_metadata.clone(),
            enabled: true,
        }
    }
}
