//! A person as the provider knows him.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::claims::StandardClaims;
use crate::claims_request::is_within;
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
    /// All that a grant of `scope` may see (OpenID Connect Core section 5.4), and the claims that are released
    /// by their own names (section 5.5): the standard claims, `username` beside `preferred_username`, and the
    /// metadata.
    #[must_use]
    pub fn release(&self, scope: &ScopeSet, named: &BTreeSet<String>) -> Map<String, Value> {
        let is_seen = |claim: &str| is_within(claim, scope) || named.contains(claim);
        let mut released = self.claims.all();
        if let Some(username) = released.get("preferred_username").cloned() {
            released.insert("username".into(), username);
        }
        released.retain(|claim, _| is_seen(claim));
        // As large as an operator likes, so only what is seen is copied.
        let metadata = [
            ("public_metadata", &self.public_metadata),
            ("unsafe_metadata", &self.unsafe_metadata),
            ("private_metadata", &self.private_metadata),
        ];
        let seen = metadata.into_iter().filter(|(claim, _)| is_seen(claim));
        released.extend(seen.map(|(claim, metadata)| (claim.to_owned(), metadata.clone().into())));
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
    use crate::claims::Address;

    #[test]
    fn a_number_in_metadata_is_the_same_however_often_it_is_read_and_written() {
        let text = r#"{"latitude":1.3112666666666663e+121}"#;
        let read: Map<String, Value> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    fn account() -> Account {
        Account {
            subject: "user_1".parse().unwrap(),
            claims: StandardClaims {
                name: Some("Ada".into()),
                preferred_username: Some("ada".into()),
                email: Some("ada@example.test".into()),
                email_verified: Some(false),
                phone_number: Some("+1".into()),
                address: Some(Address { locality: Some("London".into()), ..Address::default() }),
                ..StandardClaims::default()
            },
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            unsafe_metadata: Map::new(),
            enabled: true,
        }
    }

    #[test]
    fn each_scope_releases_its_own_claims_and_no_others() {
        for (scope, claims) in [
            ("openid", vec![]),
            ("profile", vec!["name", "preferred_username", "username"]),
            ("email", vec!["email", "email_verified"]),
            ("phone", vec!["phone_number"]),
            ("address", vec!["address"]),
            ("phone email", vec!["email", "email_verified", "phone_number"]),
            ("public_metadata", vec!["public_metadata", "unsafe_metadata"]),
            ("private_metadata", vec!["private_metadata"]),
        ] {
            let released = account().release(&scope.parse().unwrap(), &BTreeSet::new());
            let mut found: Vec<_> = released.keys().map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, claims, "{scope}");
        }
    }

    #[test]
    fn a_claim_released_by_its_name_brings_no_other_of_its_scope() {
        let named = BTreeSet::from(["email".to_owned(), "nickname".to_owned()]);
        let released = account().release(&"openid phone".parse().unwrap(), &named);
        let mut found: Vec<_> = released.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, ["email", "phone_number"], "and what there is none of stays away");
    }
}
