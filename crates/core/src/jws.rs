//! Signed tokens: the algorithms and types of RFC 7515, RFC 7518 and RFC 8725.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The `alg` of RFC 7518 section 3.1. There is no `none`: a token that says so is refused as unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum JwsAlgorithm {
    /// ECDSA on P-256 with SHA-256: small and quick to sign.
    ES256,
    /// HMAC with SHA-256: both sides hold the same secret.
    HS256,
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every relying party understands.
    RS256,
}

impl JwsAlgorithm {
    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::HS256 => "HS256",
            Self::RS256 => "RS256",
        }
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The `typ` header of RFC 8725 section 3.11: what a token is for, so that one is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenType {
    /// An access token (RFC 9068 section 2.1).
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// Any other JWT: an ID token, a client assertion.
    #[serde(rename = "JWT")]
    Jwt,
}

impl TokenType {
    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::Jwt => "JWT",
        }
    }
}
