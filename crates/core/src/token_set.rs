//! What a client holds after a provider has given it tokens.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::scope::ScopeSet;
use crate::secret::{Secret, on_the_wire};
use crate::time::Timestamp;

/// Tokens with their times: what is kept, and handed on. It is written as JSON to be kept where only its owner reads;
/// its `Debug` shows no token and no value of a member that nobody here knows.
///
/// ```
/// use grantway_core::time::Timestamp;
/// use grantway_core::token_set::TokenSet;
///
/// let kept = r#"{"access_token":"t","token_type":"Bearer","issued_at":100,"expires_at":160,"extra":{"instance_url":"https://eu.example"}}"#;
/// let tokens: TokenSet = serde_json::from_str(kept)?;
/// assert!(tokens.lives_at(Timestamp::from_unix(159)));
/// assert!(!tokens.lives_at(Timestamp::from_unix(160)));
/// assert_eq!(serde_json::to_string(&tokens)?, kept, "members nobody knows are kept");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct TokenSet {
    /// Opens the resource.
    #[serde(with = "on_the_wire")]
    pub access_token: Secret,
    /// How it is presented: `Bearer` or `DPoP`.
    pub token_type: String,
    /// When it was given, by the clock of whoever asked.
    pub issued_at: Timestamp,
    /// When it ends; absent if the provider did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Buys the next access token.
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// What was granted, if the provider said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeSet>,
    /// Says who signed in.
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// Members nobody here knows, as they came. They are kept apart: one may have the name of one of ours.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl TokenSet {
    /// Is the access token still good then? One whose end nobody named is.
    #[must_use]
    pub fn lives_at(&self, when: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| when < end)
    }

    /// With what a renewal left out taken from the tokens before it: a provider that does not rotate names no refresh
    /// token again (RFC 6749 section 6), and members such as the address of the person's API come once.
    #[must_use]
    pub fn after(mut self, before: &Self) -> Self {
        self.refresh_token = self.refresh_token.or_else(|| before.refresh_token.clone());
        self.scope = self.scope.or_else(|| before.scope.clone());
        self.id_token = self.id_token.or_else(|| before.id_token.clone());
        for (name, value) in &before.extra {
            self.extra.entry(name).or_insert_with(|| value.clone());
        }
        self
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            access_token: _,
            token_type,
            issued_at,
            expires_at,
            refresh_token,
            scope,
            id_token,
            extra,
        } = self;
        f.debug_struct("TokenSet")
            .field("token_type", token_type)
            .field("issued_at", issued_at)
            .field("expires_at", expires_at)
            .field("refresh_token", &refresh_token.is_some())
            .field("scope", scope)
            .field("id_token", &id_token.is_some())
            .field("extra", &extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(json: &str) -> TokenSet {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_renewal_keeps_what_it_does_not_name_again() {
        let before = tokens(
            r#"{"access_token":"a1","token_type":"Bearer","issued_at":1,"refresh_token":"r1","scope":"a b","id_token":"i","extra":{"api_domain":"https://eu.test","x":1}}"#,
        );
        let renewed = tokens(r#"{"access_token":"a2","token_type":"Bearer","issued_at":2,"extra":{"x":2}}"#);

        let after = renewed.after(&before);

        let written = serde_json::to_value(&after).unwrap();
        assert_eq!(
            written,
            serde_json::json!({
                "access_token": "a2", "token_type": "Bearer", "issued_at": 2, "refresh_token": "r1",
                "scope": "a b", "id_token": "i", "extra": {"x": 2, "api_domain": "https://eu.test"},
            })
        );
    }

    #[test]
    fn a_member_with_a_name_of_ours_does_not_get_in_the_way() {
        let written = r#"{"access_token":"a","token_type":"Bearer","issued_at":1,"extra":{"issued_at":"1795564800000"}}"#;
        assert_eq!(serde_json::to_string(&tokens(written)).unwrap(), written);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let tokens = tokens(
            r#"{"access_token":"sesame","token_type":"Bearer","issued_at":1,"refresh_token":"sesame","id_token":"sesame","extra":{"authed_user":{"access_token":"sesame"}}}"#,
        );
        let printed = format!("{tokens:?}");
        assert!(!printed.contains("sesame"), "{printed}");
        assert!(printed.contains("authed_user"));
    }
}
