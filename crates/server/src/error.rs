//! What the endpoints for clients could not do, for their operator and for their caller.

use grantway_core::error::{ErrorCode, Malformed, ProtocolError};
use grantway_core::grant::Refusal;
use grantway_core::http::{FormFault, Reply};
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::StatusCode;

use crate::Server;
use crate::http::BodyFault;
use crate::token::client_fault::ClientFault;

/// Why a request of a client is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("{0}")]
    Body(BodyFault),
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("{0}")]
    Client(ClientFault),
    #[error("this grant_type is not supported here")]
    UnsupportedGrantType,
    #[error("this client may not use this grant_type")]
    GrantNotAllowed,
    #[error("{0}")]
    Scope(ScopeFault),
    #[error("{}", .0.describe())]
    Refused(Refusal),
    #[error("the account is gone or disabled")]
    NoAccount,
    #[error(transparent)]
    Seam(#[from] SeamError),
}

/// Why a scope is not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScopeFault {
    #[error("the scope is malformed")]
    Malformed,
    #[error("the scope is more than this client may ask for")]
    BeyondClient,
    #[error("the scope was granted, but this client may no longer have it")]
    Withdrawn,
    #[error("this scope is about a person, and this grant_type has none")]
    NeedsPerson,
}

impl From<&TokenError> for ProtocolError {
    fn from(error: &TokenError) -> Self {
        let code = match error {
            TokenError::Body(_) | TokenError::Missing(_) | TokenError::Malformed(_) => {
                ErrorCode::InvalidRequest
            }
            TokenError::Client(fault) => fault.code(),
            TokenError::UnsupportedGrantType => ErrorCode::UnsupportedGrantType,
            TokenError::GrantNotAllowed => ErrorCode::UnauthorizedClient,
            TokenError::Scope(_) => ErrorCode::InvalidScope,
            TokenError::Refused(refusal) => code_of(*refusal),
            TokenError::NoAccount => ErrorCode::InvalidGrant,
            TokenError::Seam(breakdown) => return Breakdown::of(breakdown).told(),
        };
        Self::new(code, error.to_string())
    }
}

const fn code_of(refusal: Refusal) -> ErrorCode {
    match refusal {
        Refusal::ScopeExceeded => ErrorCode::InvalidScope,
        Refusal::Unknown
        | Refusal::Expired
        | Refusal::Replayed
        | Refusal::Revoked
        | Refusal::OtherClient
        | Refusal::OtherRedirectUri
        | Refusal::Pkce => ErrorCode::InvalidGrant,
    }
}

impl TokenError {
    /// What the client is told, after the operator was.
    pub(crate) fn answer(&self, server: &Server) -> Reply {
        if let Self::Seam(breakdown) = self {
            server.note(breakdown);
        }
        let status = self.status();
        let challenge = format!("Basic realm=\"{}\"", server.addresses.issuer);
        // RFC 9110 section 15.5.2: a 401 names a way in, whichever way was tried.
        let challenge = (status == StatusCode::UNAUTHORIZED).then_some(challenge.as_str());
        Reply::protocol_error(status, &ProtocolError::from(self), challenge)
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Body(fault) => fault.status(),
            // RFC 6749 section 5.2: 401 is for clients that did not prove who they are.
            Self::Client(fault) if fault.code() == ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::Seam(breakdown) => Breakdown::of(breakdown).status,
            Self::Client(_)
            | Self::Missing(_)
            | Self::Malformed(_)
            | Self::UnsupportedGrantType
            | Self::GrantNotAllowed
            | Self::Scope(_)
            | Self::Refused(_)
            | Self::NoAccount => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<FormFault> for TokenError {
    fn from(fault: FormFault) -> Self {
        Self::Body(fault.into())
    }
}

impl From<BodyFault> for TokenError {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

impl From<ClientFault> for TokenError {
    fn from(fault: ClientFault) -> Self {
        Self::Client(fault)
    }
}

impl From<ScopeFault> for TokenError {
    fn from(fault: ScopeFault) -> Self {
        Self::Scope(fault)
    }
}

/// The answer of an endpoint for programs when a part behind it broke down.
pub(crate) fn broken(server: &Server, breakdown: &SeamError) -> Reply {
    server.note(breakdown);
    let told = Breakdown::of(breakdown);
    Reply::protocol_error(told.status, &told.told(), None)
}

/// What a caller is told of a breakdown: whether to try again, and nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Breakdown {
    pub(crate) status: StatusCode,
    code: ErrorCode,
    words: &'static str,
}

impl Breakdown {
    pub(crate) const fn of(error: &SeamError) -> Self {
        match error.kind {
            SeamErrorKind::Unavailable => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                code: ErrorCode::TemporarilyUnavailable,
                words: "a part of this server does not answer; try again in a moment",
            },
            SeamErrorKind::Broken => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                code: ErrorCode::ServerError,
                words: "something is broken here; the server's log says what",
            },
        }
    }

    pub(crate) fn told(self) -> ProtocolError {
        ProtocolError::new(self.code, self.words)
    }
}
