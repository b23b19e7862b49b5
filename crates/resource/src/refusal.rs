//! Why a request is not let in: for the operator each rule by its name, for the client what the standards have.

use grantway_core::error::ErrorCode;
use grantway_core::ids::ClientId;
use grantway_core::seam::JwsFault;
use http::StatusCode;

use crate::proof_fault::ProofFault;
use crate::scheme::Scheme;

/// Why a request is not let in. The sentences name no value of a token nor of the configuration: a client gets to see
/// them as `error_description`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request brings none that could be one.
    #[error("the request has no access token")]
    NoToken,
    /// It cannot be read.
    #[error("the Authorization header is malformed, or there are two")]
    Header,
    /// RFC 6750 section 2.3 advises against it.
    #[error("an access token belongs in the Authorization header, and not in the address")]
    InAddress,
    /// Longer than anything that is looked at.
    #[error("the access token is too long")]
    TooLong,
    /// And nobody can be asked about it.
    #[error("the access token is not a JWT with an issuer")]
    NotJwt,
    /// Its `iss` is none of those that are trusted.
    #[error("the issuer of the access token is not trusted here")]
    Issuer,
    /// It is not what it says.
    #[error("{0}")]
    Jws(JwsFault),
    /// A claim that it has to have is missing, or not of its form.
    #[error("the access token has no {0}, or a malformed one")]
    Claim(&'static str),
    /// Or so it looks.
    #[error("the token is an ID token, or cannot be told from one")]
    IdToken,
    /// Its `aud` does not name this resource.
    #[error("the access token is for another audience")]
    Audience,
    /// Its `exp` is over.
    #[error("the access token has expired")]
    Expired,
    /// Its `nbf` is to come.
    #[error("the access token is not valid yet")]
    NotYetValid,
    /// Its `iat` is to come.
    #[error("the access token was issued in the future")]
    IssuedInFuture,
    /// Its issuer says so.
    #[error("the access token is not active")]
    Inactive,
    /// It is bound to a key, and came as if whoever bears it might use it.
    #[error("the access token is bound to a key: present it by the scheme DPoP, with a proof")]
    BoundToKey,
    /// It came with a proof that proves nothing.
    #[error("the access token is not bound to a key: present it by the scheme Bearer")]
    NotBound,
    /// It is bound to a certificate, which is not looked at here.
    #[error("the access token is bound to a client certificate, which is not supported here")]
    BoundToCertificate,
    /// It is bound to something else.
    #[error("the access token is bound in a way that is not supported here")]
    BoundOtherwise,
    /// It is a bearer token where there may be none.
    #[error("an access token has to come with a proof of possession here")]
    ProofRequired,
    /// It is bound to a key that was not shown.
    #[error("{0}")]
    Proof(ProofFault),
    /// It opens other things.
    #[error("the access token does not have the scope that is needed here")]
    Scope,
    /// RFC 9470.
    #[error("the person has to be recognised anew, or more surely")]
    Authentication,
}

/// A request that is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub why: Refusal,
    /// In which way its token came, if there is one that could be read.
    pub scheme: Option<Scheme>,
    /// Whose token it is, if it is a good one.
    pub client_id: Option<ClientId>,
}

impl Refusal {
    /// The status of the answer, and the code that a client decides by; none if it has not tried yet (RFC 6750
    /// section 3.1).
    #[must_use]
    pub const fn on_the_wire(&self) -> (StatusCode, Option<ErrorCode>) {
        match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, None),
            Self::Header | Self::InAddress => (StatusCode::BAD_REQUEST, Some(ErrorCode::InvalidRequest)),
            Self::TooLong
            | Self::NotJwt
            | Self::Issuer
            | Self::Jws(_)
            | Self::Claim(_)
            | Self::IdToken
            | Self::Audience
            | Self::Expired
            | Self::NotYetValid
            | Self::IssuedInFuture
            | Self::Inactive
            | Self::BoundToKey
            | Self::NotBound
            | Self::BoundToCertificate
            | Self::BoundOtherwise
            | Self::ProofRequired => (StatusCode::UNAUTHORIZED, Some(ErrorCode::InvalidToken)),
            Self::Proof(ProofFault::Nonce) => (StatusCode::UNAUTHORIZED, Some(ErrorCode::UseDpopNonce)),
            Self::Proof(_) => (StatusCode::UNAUTHORIZED, Some(ErrorCode::InvalidDpopProof)),
            Self::Scope => (StatusCode::FORBIDDEN, Some(ErrorCode::InsufficientScope)),
            Self::Authentication => {
                (StatusCode::UNAUTHORIZED, Some(ErrorCode::InsufficientUserAuthentication))
            }
        }
    }

    /// One word for the log, and for whoever counts: there are only so many. Of a claim it is its name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::Header => "header",
            Self::InAddress => "in_address",
            Self::TooLong => "too_long",
            Self::NotJwt => "not_jwt",
            Self::Issuer => "issuer",
            Self::Jws(JwsFault::Malformed) => "malformed",
            Self::Jws(JwsFault::Algorithm) => "algorithm",
            Self::Jws(JwsFault::Type) => "type",
            Self::Jws(JwsFault::Critical) => "critical",
            Self::Jws(JwsFault::UnknownKey) => "unknown_key",
            Self::Jws(JwsFault::KeysUnavailable(_)) => "keys_unavailable",
            Self::Jws(JwsFault::Signature) => "signature",
            Self::Claim(name) => name,
            Self::IdToken => "id_token",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInFuture => "issued_in_future",
            Self::Inactive => "inactive",
            Self::BoundToKey => "bound_to_key",
            Self::NotBound => "not_bound",
            Self::BoundToCertificate => "bound_to_certificate",
            Self::BoundOtherwise => "bound_otherwise",
            Self::ProofRequired => "proof_required",
            Self::Proof(fault) => fault.code(),
            Self::Scope => "insufficient_scope",
            Self::Authentication => "authentication",
        }
    }
}
