//! `[[account]]`: a person who may sign in.

use grantway_core::account::Account;
use grantway_core::claims::StandardClaims;
use grantway_core::ids::Subject;
use grantway_core::secret::{Secret, on_the_wire};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::ClaimsTable;

/// A person who may sign in. Made if nobody has that name; an account that exists is left as it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredAccount {
    /// Signs in by it.
    pub(crate) username: String,
    /// Signs in by it too.
    pub(crate) email: Option<String>,
    /// Kept as an Argon2id hash.
    #[serde(default, with = "on_the_wire::option")]
    #[schemars(with = "Option<String>")]
    pub(crate) password: Option<Secret>,
    /// Any of the standard claims by name (OpenID Connect Core section 5.1).
    #[serde(default, deserialize_with = "ClaimsTable::read")]
    #[schemars(with = "ClaimsTable")]
    pub(crate) claims: StandardClaims,
    /// Released by the scope `public_metadata`.
    #[serde(default)]
    pub(crate) public_metadata: Map<String, Value>,
    /// Released by the scope `private_metadata`.
    #[serde(default)]
    pub(crate) private_metadata: Map<String, Value>,
    /// Released by the scope `public_metadata` too; the person may change it.
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
