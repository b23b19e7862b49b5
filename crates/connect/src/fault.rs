//! What a program is told that gets nothing: a status, a number that stays, and a sentence for people.

use grantway_core::audit::{Audit, Event};
use grantway_core::http::Reply;
use grantway_core::seam::{SeamError, SeamErrorKind};
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

/// Why.
#[derive(Debug)]
pub(crate) enum Fault {
    NotAnObject,
    Member(&'static str),
    NotJson,
    TooLarge,
    NoKey,
    UnknownKey,
    PartnerOnly,
    Narrowed,
    NoSuchProject,
    NoSuchKey,
    Nothing,
    Method(Method, &'static str),
    Breakdown(SeamError),
}

impl Fault {
    pub(crate) fn reply(self, audit: &dyn Audit) -> Reply {
        if let Self::Breakdown(breakdown) = &self {
            audit.record(Event::from(breakdown));
        }
        let (status, code, message) = self.shown();
        let reply = Reply::json(status, &json!({"errorCode": code, "message": message})).no_store();
        match self {
            // RFC 6750 section 3.1: who shows nothing is told no error.
            Self::NoKey => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE)),
            Self::UnknownKey => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN)),
            Self::Method(_, allowed) => reply.with(ALLOW, HeaderValue::from_static(allowed)),
            Self::Breakdown(breakdown) if breakdown.kind == SeamErrorKind::Unavailable => {
                reply.with(RETRY_AFTER, HeaderValue::from_static("5"))
            }
            Self::NotAnObject
            | Self::Member(_)
            | Self::NotJson
            | Self::TooLarge
            | Self::PartnerOnly
            | Self::Narrowed
            | Self::NoSuchProject
            | Self::NoSuchKey
            | Self::Nothing
            | Self::Breakdown(_) => reply,
        }
    }

    fn shown(&self) -> (StatusCode, u16, String) {
        let (status, code, message) = match self {
            Self::NotAnObject => (StatusCode::BAD_REQUEST, 100, "the body is not a JSON object"),
            Self::Member(what) => (StatusCode::BAD_REQUEST, 101, *what),
            Self::NotJson => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, 102, "the body has to be of the type application/json")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 103, "the body is larger than 65536 bytes"),
            Self::NoKey => (
                StatusCode::UNAUTHORIZED,
                110,
                "send an API key in the header Authorization, behind the word Bearer",
            ),
            Self::UnknownKey => (StatusCode::UNAUTHORIZED, 110, "the API key is not valid"),
            Self::PartnerOnly => (StatusCode::FORBIDDEN, 120, "this needs a partner's key, not a project's"),
            Self::Narrowed => (StatusCode::FORBIDDEN, 121, "the scopes of the API key do not cover this"),
            Self::NoSuchProject => (StatusCode::NOT_FOUND, 130, "project not found"),
            Self::NoSuchKey => (StatusCode::NOT_FOUND, 131, "API key not found"),
            Self::Nothing => (StatusCode::NOT_FOUND, 132, "there is nothing at this address"),
            Self::Method(method, allowed) => {
                let message = format!("{method} is not allowed here, use {allowed}");
                return (StatusCode::METHOD_NOT_ALLOWED, 140, message);
            }
            Self::Breakdown(breakdown) => match breakdown.kind {
                SeamErrorKind::Unavailable => {
                    (StatusCode::SERVICE_UNAVAILABLE, 150, "this does not work just now, try again")
                }
                SeamErrorKind::Broken => {
                    (StatusCode::INTERNAL_SERVER_ERROR, 151, "this does not work; the log says why")
                }
            },
        };
        (status, code, message.to_owned())
    }
}

impl From<SeamError> for Fault {
    fn from(breakdown: SeamError) -> Self {
        Self::Breakdown(breakdown)
    }
}

const CHALLENGE: &str = "Bearer realm=\"api\"";
const INVALID_TOKEN: &str = "Bearer realm=\"api\", error=\"invalid_token\"";
