//! What is said of a token that somebody shows: RFC 7662.

use serde::{Deserialize, Serialize};
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
    #[serde(skip_serializing_if = "Option::is_none")]
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

impl IntrospectionResponse {
    /// All that is said of a token that is not good, whatever the reason.
    #[must_use]
    pub fn inactive() -> Self {
        Self::default()
    }
}
