//! Why a client is not believed: what its operator is told, and what it is told itself.

use std::fmt;

use grantway_core::error::ErrorCode;
use grantway_core::seam::JwsFault;

/// Of its credentials. The wire says less than the audit: whether a client exists, and what
/// was wrong with its secret, is nobody else's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClientFault {
    Nothing,
    MalformedHeader,
    TwoMethods,
    TwoNames,
    Unknown,
    Disabled,
    WrongSecret,
    Assertion(AssertionFault),
}

impl ClientFault {
    pub(crate) const fn code(&self) -> ErrorCode {
        match self {
            Self::TwoMethods | Self::TwoNames => ErrorCode::InvalidRequest,
            Self::Nothing
            | Self::MalformedHeader
            | Self::Unknown
            | Self::Disabled
            | Self::WrongSecret
            | Self::Assertion(_) => ErrorCode::InvalidClient,
        }
    }

    /// For the operator, in one word.
    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::Nothing => "no_credentials",
            Self::MalformedHeader => "malformed_header",
            Self::TwoMethods => "two_methods",
            Self::TwoNames => "two_names",
            Self::Unknown => "unknown_client",
            Self::Disabled => "disabled",
            Self::WrongSecret => "wrong_secret",
            Self::Assertion(fault) => fault.reason(),
        }
    }
}

impl fmt::Display for ClientFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "the client has to authenticate",
            Self::MalformedHeader => "the Authorization header is malformed",
            Self::TwoMethods => "the client authenticates in two ways that do not agree",
            Self::TwoNames => "the request names two clients",
            Self::Unknown | Self::Disabled | Self::WrongSecret => {
                "the client is not known or its credentials are wrong"
            }
            Self::Assertion(fault) => fault.describe(),
        })
    }
}

/// Of its assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AssertionFault {
    Type,
    Unreadable,
    NotRegistered,
    Signature(JwsFault),
    Subject,
    Audience,
    Expiry,
    FromTheFuture,
    Date,
    Jti,
    Replayed,
}

impl AssertionFault {
    const fn reason(&self) -> &'static str {
        match self {
            Self::Type => "assertion_type",
            Self::Unreadable => "assertion_unreadable",
            Self::NotRegistered => "assertion_not_registered",
            Self::Signature(JwsFault::KeysUnavailable(_)) => "assertion_keys_unavailable",
            Self::Signature(_) => "assertion_signature",
            Self::Subject => "assertion_subject",
            Self::Audience => "assertion_audience",
            Self::Expiry => "assertion_expiry",
            Self::FromTheFuture => "assertion_from_the_future",
            Self::Date => "assertion_date",
            Self::Jti => "assertion_jti",
            Self::Replayed => "assertion_replayed",
        }
    }

    const fn describe(&self) -> &'static str {
        match self {
            Self::Type => "client_assertion and a client_assertion_type of jwt-bearer belong together",
            Self::Unreadable => "the client assertion is not a JWT",
            // Not said apart, so that nobody learns which clients exist and how they authenticate.
            Self::NotRegistered | Self::Signature(_) => {
                "the client assertion is not signed by a key of a known client"
            }
            Self::Subject => "iss and sub of the client assertion have to be the client_id",
            Self::Audience => "aud of the client assertion has to be this server and nobody else",
            Self::Expiry => "exp of the client assertion is missing, past, or more than an hour ahead",
            Self::FromTheFuture => "iat or nbf of the client assertion lies in the future",
            Self::Date => "a date of the client assertion is not a number",
            Self::Jti => "jti of the client assertion is missing or too long",
            Self::Replayed => "the client assertion was used before",
        }
    }
}
