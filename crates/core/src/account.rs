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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_goes_only_to_who_was_granted_it() {
        let account = Account {
            subject: "user_1".parse().unwrap(),
            claims: StandardClaims {
                preferred_username: Some("ada".into()),
                ..StandardClaims::default()
            },
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
