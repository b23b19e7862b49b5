//! What a peer is told: the error codes of the standards, and a description that is safe to send.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that does not have the form its standard gives it; carries the name of what was malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed {0}")]
pub struct Malformed(pub &'static str);

/// The `error` member of RFC 6749 (4.1.2.1 and 5.2), RFC 6750 (3.1), OpenID Connect Core (3.1.2.6), RFC 9449 (7.1 and 8)
/// and RFC 9470 (3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The resource owner or the server said no.
    AccessDenied,
    /// `prompt=none` and the person would have to agree first.
    ConsentRequired,
    /// `prompt=none` and the person would have to do something first.
    InteractionRequired,
    /// The person was not recognised as surely, or as lately, as the resource asks for.
    InsufficientUserAuthentication,
    /// The client is unknown or could not prove who it is.
    InvalidClient,
    /// There is no proof of possession, or it proves nothing.
    InvalidDpopProof,
    /// The code or refresh token is unknown, used, expired, revoked or someone else's.
    InvalidGrant,
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// A scope is unknown, malformed or more than the client may ask.
    InvalidScope,
    /// The access token is malformed, expired or revoked.
    InvalidToken,
    /// The access token does not carry the scope the resource asks for.
    InsufficientScope,
    /// `prompt=none` and nobody is signed in.
    LoginRequired,
    /// The `request` parameter is not supported.
    RequestNotSupported,
    /// The `request_uri` parameter is not supported.
    RequestUriNotSupported,
    /// The server met something it did not expect.
    ServerError,
    /// The server is too busy or a part of it is down; trying again may help.
    TemporarilyUnavailable,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// The person cannot be recognised as surely as the client says it needs.
    UnmetAuthenticationRequirements,
    /// The `grant_type` is not supported.
    UnsupportedGrantType,
    /// The `response_type` is not supported.
    UnsupportedResponseType,
    /// The proof of possession needs the nonce that comes with this answer.
    UseDpopNonce,
}

impl ErrorCode {
    /// The code as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::InsufficientUserAuthentication => "insufficient_user_authentication",
            Self::InvalidClient => "invalid_client",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            // OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UseDpopNonce => "use_dpop_nonce",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error response as RFC 6749 section 5.2 shapes it.
///
/// ```
/// use grantway_core::error::{ErrorCode, ProtocolError};
///
/// let error = ProtocolError::new(ErrorCode::InvalidGrant, "the code was used before");
/// assert_eq!(
///     serde_json::to_string(&error).unwrap(),
///     r#"{"error":"invalid_grant","error_description":"the code was used before"}"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{error}: {error_description}")]
pub struct ProtocolError {
    /// The code a program decides by.
    pub error: ErrorCode,
    /// A sentence for the developer who reads it; never a secret, never what a peer sent.
    pub error_description: Cow<'static, str>,
}

impl ProtocolError {
    /// Characters that RFC 6749 forbids in a description (control characters, `"`, `\`, anything
    /// beyond ASCII) are replaced by spaces.
    pub fn new(error: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let legal = |c: char| matches!(c, '\x20'..='\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
        let description = description.into();
        let error_description = if description.chars().all(legal) {
            description
        } else {
            description.chars().map(|c| if legal(c) { c } else { ' ' }).collect::<String>().into()
        };
        Self { error, error_description }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_only_the_characters_the_standard_allows() {
        let error = ProtocolError::new(ErrorCode::InvalidRequest, "a\r\nb\"c\\d\u{e9}");
        assert_eq!(error.error_description, "a  b c d ");
    }

    #[test]
    fn the_code_is_spelt_alike_in_json_and_in_a_redirect() {
        for code in [
            ErrorCode::RequestUriNotSupported,
            ErrorCode::InvalidClient,
            ErrorCode::InvalidDpopProof,
            ErrorCode::LoginRequired,
            ErrorCode::UseDpopNonce,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
