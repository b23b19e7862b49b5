//! What is said of a token that somebody shows: RFC 7662.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::claims::Audience;
use crate::ids::ClientId;
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// An introspection response (RFC 7662 section 2.2). Times are seconds since 1970.
///
/// ```
/// # use grantway_core::introspect::IntrospectionResponse;
/// let nothing = serde_json::to_string(&IntrospectionResponse::inactive())?;
/// assert_eq!(nothing, r#"{"active":false}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the standard's, which says what they mean")]
pub struct IntrospectionResponse {
    pub active: bool,
    #[serde(deserialize_with = "one_text_or_several", skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// RFC 9470 section 6.2: when and how surely the person signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Members nobody here knows.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Section 2.2 has one text with spaces; several servers send an array.
fn one_text_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ScopeSet>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        One(String),
        Several(Vec<String>),
    }
    let said = match Option::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Said::One(text)) => text,
        Some(Said::Several(texts)) => texts.join(" "),
    };
    said.parse().map(Some).map_err(D::Error::custom)
}

impl IntrospectionResponse {
    /// All that is said of a token that is not good, whatever the reason.
    #[must_use]
    pub fn inactive() -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_may_be_one_text_or_several() {
        for said in [r#""a b""#, r#"["a","b"]"#] {
            let response = format!(r#"{{"active":true,"scope":{said}}}"#);
            let response: IntrospectionResponse = serde_json::from_str(&response).unwrap();
            assert_eq!(response.scope, Some("a b".parse().unwrap()));
        }
        let without: IntrospectionResponse = serde_json::from_str(r#"{"active":true,"scope":null}"#).unwrap();
        assert_eq!(without.scope, None);
    }
}
