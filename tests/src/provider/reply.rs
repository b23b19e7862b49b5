use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// What goes back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) content: Content,
}

/// Its body.
#[derive(Debug)]
pub(super) enum Content {
    Whole(Vec<u8>),
    /// Begins like that, and never ends.
    Unending(Vec<u8>),
    /// There is no reply at all: the connection is closed.
    Silence,
}

impl Reply {
    pub(super) fn new(status: StatusCode, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let reply = Self { status, headers: HeaderMap::new(), content: Content::Whole(body.into()) };
        reply.with(CONTENT_TYPE, content_type)
    }

    pub(super) fn json(status: StatusCode, document: &Value) -> Self {
        Self::new(status, JSON, document.to_string())
    }

    pub(super) fn page(status: StatusCode, words: &str) -> Self {
        Self::new(
            status,
            "text/html; charset=utf-8",
            format!("<!DOCTYPE html><title>{words}</title><p>{words}"),
        )
    }

    pub(super) fn text(status: StatusCode, words: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", words)
    }

    pub(super) fn redirect(status: StatusCode, location: &str) -> Self {
        let reply = Self { status, headers: HeaderMap::new(), content: Content::Whole(Vec::new()) };
        reply.with(LOCATION, location)
    }

    pub(super) fn silence() -> Self {
        Self { status: StatusCode::OK, headers: HeaderMap::new(), content: Content::Silence }
    }

    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::try_from(value).expect("a header of one line"));
        self
    }
}

pub(super) const JSON: &str = "application/json";
