//! The token endpoint's nouns: RFC 6749 sections 4 to 6.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Malformed;
use crate::scope::ScopeSet;
use crate::secret::{Secret, on_the_wire};

/// The `grant_type` of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 section 4.1.
    AuthorizationCode,
    /// RFC 6749 section 4.4.
    ClientCredentials,
    /// RFC 6749 section 6.
    RefreshToken,
}

impl GrantType {
    /// All of them, as metadata lists them.
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
        }
    }
}

impl fmt::Display for GrantType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for GrantType {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == raw).ok_or(Malformed("grant_type"))
    }
}

/// A successful token response: RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3.
///
/// ```
/// # use grantway_core::token::TokenResponse;
/// let reply = r#"{"access_token":"t","token_type":"Bearer","expires_in":3600,"vendor":{"x":1}}"#;
/// let response: TokenResponse = serde_json::from_str(reply)?;
/// assert_eq!(serde_json::to_string(&response)?, reply, "members nobody knows are kept");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenResponse {
    /// Opens the resource.
    #[serde(with = "on_the_wire")]
    pub access_token: Secret,
    /// How it is presented: `Bearer`.
    pub token_type: String,
    /// Seconds until the access token dies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// Buys the next access token.
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// What was granted; absent means what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeSet>,
    /// Says who signed in.
    #[serde(default, with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// Members nobody here knows.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
