//! How long an ID token is good.

use grantway_client::TokenSet;
use grantway_core::jws::unverified_claims;
use grantway_core::time::Timestamp;
use serde_json::Value;

/// When it ends (OpenID Connect Core section 2, `exp`). It was looked at when it came, and nobody else wrote it since.
pub(crate) fn end(tokens: &TokenSet) -> Option<Timestamp> {
    let claims = unverified_claims(tokens.id_token.as_ref()?.expose()).ok()?;
    claims.get("exp").and_then(Value::as_i64).map(Timestamp::from_unix)
}

/// Is there one that is good then?
pub(crate) fn lives_at(tokens: &TokenSet, at: Timestamp) -> bool {
    tokens.id_token.is_some() && end(tokens).is_none_or(|end| end > at)
}

#[cfg(test)]
mod tests {
    use grantway_core::base64url;
    use serde_json::json;

    use super::*;

    #[test]
    fn it_ends_by_itself_whenever_the_access_token_does() {
        let claims = base64url::encode(json!({"exp": 100}).to_string());
        let tokens = serde_json::from_value(json!({
            "access_token": "a", "token_type": "Bearer", "issued_at": 1, "expires_at": 1000,
            "id_token": format!("e30.{claims}.e30"),
        }));
        let tokens: TokenSet = tokens.unwrap();

        assert_eq!(end(&tokens), Some(Timestamp::from_unix(100)));
        assert!(lives_at(&tokens, Timestamp::from_unix(99)));
        assert!(!lives_at(&tokens, Timestamp::from_unix(100)));
        assert!(!lives_at(&TokenSet { id_token: None, ..tokens }, Timestamp::from_unix(1)));
    }
}
