//! A reply that is no answer by any reading.

use std::fmt;

use crate::failure::FailureClass;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use http::{Response, StatusCode};

use super::concealed::Hidden;
use super::excerpt::excerpt;
use super::{Member, Tolerance};
use crate::secret::Secret;

/// What came instead of tokens or an error, as an operator needs to see it: nothing secret of it is shown.
#[derive(Clone, Debug)]
pub struct UnreadableReply {
    /// What is wrong with it.
    pub what: Unreadable,
    /// Its status.
    pub status: StatusCode,
    /// What it says that it is.
    pub content_type: Option<String>,
    /// The beginning of its body, with everything masked that may be a secret.
    pub excerpt: String,
}

/// What is wrong with a reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// It sends elsewhere, where no token request is sent on: a secret would go with it.
    #[error("the endpoint redirects to {location:?}; if that is right, it belongs in the configuration")]
    Redirect {
        /// Where to.
        location: String,
    },
    /// There is nothing in it.
    #[error("the body is empty")]
    Empty,
    /// A page for people.
    #[error("the body is an HTML page and no JSON")]
    Html,
    /// Neither JSON nor anything else that is known.
    #[error("the body is no JSON: {0}")]
    NotJson(String),
    /// JSON, and a member of it is not what the standard has there.
    #[error("the document is not what the standard has: {0}")]
    Shape(String),
    /// JSON of another shape.
    #[error("the body is a JSON {0} and no object")]
    NotAnObject(&'static str),
    /// A member that has to be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member is not what it has to be.
    #[error("{member} at {path} {what}")]
    Malformed {
        /// Which.
        member: Member,
        /// Where, as a JSON Pointer (RFC 6901).
        path: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Something odd, and nothing odd is wanted.
    #[error("{0}, which the strict policy does not take")]
    NotTolerated(Tolerance),
}

impl UnreadableReply {
    /// Of that answer.
    #[must_use]
    pub fn new(what: Unreadable, answer: &Response<Bytes>) -> Self {
        Self {
            what,
            status: answer.status(),
            content_type: header(answer, CONTENT_TYPE),
            excerpt: excerpt(answer.body()),
        }
    }

    pub(super) fn redirect(answer: &Response<Bytes>) -> Self {
        let location = header(answer, LOCATION).unwrap_or_default();
        Self::new(Unreadable::Redirect { location: place_alone(&location) }, answer)
    }

    /// Takes those out of all that the provider said: some repeat what they were sent.
    pub fn conceal(&mut self, secrets: &[Secret]) {
        let Self { what, status: _, content_type, excerpt } = self;
        let hidden = Hidden::of(secrets);
        for text in [content_type.as_mut(), Some(excerpt)].into_iter().flatten() {
            *text = hidden.conceal(text);
        }
        match what {
            Unreadable::Redirect { location: said }
            | Unreadable::NotJson(said)
            | Unreadable::Shape(said)
            | Unreadable::Malformed { path: said, .. } => *said = hidden.conceal(said),
            Unreadable::NotTolerated(tolerance) => tolerance.go_without(&hidden),
            Unreadable::Empty | Unreadable::Html | Unreadable::NotAnObject(_) | Unreadable::Missing(_) => {}
        }
    }

    /// Who has to do something: whoever configured the address, or the provider.
    #[must_use]
    pub const fn class(&self) -> FailureClass {
        match self.what {
            Unreadable::Redirect { .. } => FailureClass::Config,
            Unreadable::Empty
            | Unreadable::Html
            | Unreadable::NotJson(_)
            | Unreadable::NotAnObject(_)
            | Unreadable::Shape(_)
            | Unreadable::Missing(_)
            | Unreadable::Malformed { .. }
            | Unreadable::NotTolerated(_) => FailureClass::Quirk,
        }
    }
}

impl fmt::Display for UnreadableReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, status, content_type, excerpt } = self;
        let content_type = content_type.as_deref().unwrap_or("no content type");
        write!(f, "{what} (status {}, {content_type}", status.as_u16())?;
        if excerpt.is_empty() { f.write_str(")") } else { write!(f, ", beginning {excerpt:?})") }
    }
}

impl std::error::Error for UnreadableReply {}

/// Where a `Location` leads (RFC 9110 section 10.2.2), without what goes there with whoever follows it: query, fragment and
/// user information, in which there may be a secret.
///
/// ```
/// use grantway_core::reply::place_alone;
///
/// assert_eq!(place_alone("https://user:password@idp.example/token?code=1"), "https://idp.example/token");
/// assert_eq!(place_alone("/token?code=1"), "/token");
/// ```
#[must_use]
pub fn place_alone(location: &str) -> String {
    let alone = &location[..location.find(['?', '#']).unwrap_or(location.len())];
    // As browsers read it, to whom `\` is a `/` and some of either are as good as two.
    let (before, rest) = match alone.find(':') {
        Some(colon) if !alone[..colon].contains(['/', '\\']) => alone.split_at(colon + 1),
        Some(_) | None => ("", alone),
    };
    let authority = rest.trim_start_matches(['/', '\\']);
    let slashes = &rest[..rest.len() - authority.len()];
    if before.is_empty() && slashes.len() < 2 {
        return alone.to_owned();
    }
    let end = authority.find(['/', '\\']).unwrap_or(authority.len());
    let host = authority[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{before}{slashes}{}", &authority[host..])
}

fn header(answer: &Response<Bytes>, name: HeaderName) -> Option<String> {
    answer.headers().get(name)?.to_str().ok().map(str::to_owned)
}
