//! A person as the provider knows him.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claims::StandardClaims;
use crate::ids::Subject;
use crate::scope::ScopeSet;

/// One account. How it proves who it is lies elsewhere, so that a claim can never carry a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name in tokens, never reassigned.
    pub subject: Subject,
    /// What is known of the person.
    pub claims: StandardClaims,
    /// Set by the operator, seen by applications that were granted `public_metadata`.
    #[serde(default)]
    pub public_metadata: Map<String, Value>,
    /// Set by the operator, seen by applications that were granted `private_metadata`.
    #[serde(default)]
    pub private_metadata: Map<String, Value>,
    /// Set by the person, seen by applications that were granted `public_metadata`.
    #[serde(default)]
    pub unsafe_metadata: Map<String, Value>,
    /// A disabled account signs in nowhere, and its tokens open nothing here.
    pub enabled: bool,
}

impl Account {
    /// All that a grant of `scope` may see: the standard claims, `username` beside
    /// `preferred_username`, and the metadata.
    #[must_use]
    pub fn release(&self, scope: &ScopeSet) -> Map<String, Value> {
        let mut released = self.claims.release(scope);
        if let Some(username) = released.get("preferred_username").cloned() {
            released.insert("username".into(), username);
        }
        if scope.contains("public_metadata") {
            released.insert("public_metadata".into(), self.public_metadata.clone().into());
            released.insert("unsafe_metadata".into(), self.unsafe_metadata.clone().into());
        }
        if scope.contains("private_metadata") {
            released.insert("private_metadata".into(), self.private_metadata.clone().into());
        }
        released
    }
}

/// A person's password as it rests: a PHC string, the work of Argon2id. Not a secret that opens
/// anything, yet nothing for a log, so its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(Box<str>);

impl PasswordHash {
    /// Takes hold of a PHC string.
    #[must_use]
    pub fn new(phc: impl Into<Box<str>>) -> Self {
        Self(phc.into())
    }

    /// The PHC string, for a row or for the check.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_metadata_is_the_same_however_often_it_is_read_and_written() {
        let text = r#"{"latitude":1.3112666666666663e+121}"#;
        let read: Map<String, Value> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn metadata_goes_only_to_who_was_granted_it() {
        let account = Account {
            subject: "user_1".parse().unwrap(),
            claims: StandardClaims { preferred_username: Some("ada".into()), ..StandardClaims::default() },
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            unsafe_metadata: Map::new(),
            enabled: true,
        };
        for (scope, members) in [
            ("openid", vec![]),
            ("profile", vec!["preferred_username", "username"]),
            ("public_metadata", vec!["public_metadata", "unsafe_metadata"]),
            ("private_metadata", vec!["private_metadata"]),
        ] {
            let released = account.release(&scope.parse().unwrap());
            assert_eq!(released.keys().collect::<Vec<_>>(), members, "{scope}");
        }
    }
}
