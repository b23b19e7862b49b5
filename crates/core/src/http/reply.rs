//! An answer, before any framework has seen it.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, PRAGMA,
    REFERRER_POLICY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, StatusCode};
use serde::Serialize;

use crate::error::{ErrorCode, ProtocolError};
use crate::secret::Secret;

/// Status, headers and a whole body. Each web crate has one adapter that turns it into its framework's answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status line.
    pub status: StatusCode,
    /// The headers, `Content-Type` included.
    pub headers: HeaderMap,
    /// The body; it may hold a token, so it is not for a log.
    pub body: Bytes,
}

impl Reply {
    /// No body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }.with(X_CONTENT_TYPE_OPTIONS, NOSNIFF)
    }

    /// JSON of exactly the type `application/json`, which is what some widely used clients compare with.
    pub fn json(status: StatusCode, document: &impl Serialize) -> Self {
        match serde_json::to_vec(document) {
            Ok(body) => Self::empty(status).with_body(APPLICATION_JSON, body),
            // Only a map with keys that are not strings, which none of our documents has.
            Err(_) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// An OAuth error, not to be cached, with the challenge that a 401 owes (RFC 9110 section 15.5.2).
    #[must_use]
    pub fn protocol_error(status: StatusCode, error: &ProtocolError, challenge: Option<&str>) -> Self {
        let reply = Self::json(status, error).no_store();
        match challenge.map(HeaderValue::from_str) {
            Some(Ok(challenge)) => reply.with(WWW_AUTHENTICATE, challenge),
            Some(Err(_)) | None => reply,
        }
    }

    /// The endpoint exists, the method does not.
    #[must_use]
    pub fn method_not_allowed(allowed: &'static str, method: &Method) -> Self {
        let why = format!("{method} is not allowed here, use {allowed}");
        let error = ProtocolError::new(ErrorCode::InvalidRequest, why);
        Self::protocol_error(StatusCode::METHOD_NOT_ALLOWED, &error, None)
            .with(ALLOW, HeaderValue::from_static(allowed))
    }

    /// Sends a browser on with GET, whatever the method was (RFC 9700 section 4.12): 303.
    ///
    /// The target is ours or was matched against a registration; characters that no header carries
    /// make it an error rather than a second header.
    #[must_use]
    pub fn see_other(target: &Secret) -> Self {
        match HeaderValue::from_str(target.expose()) {
            Ok(mut location) => {
                location.set_sensitive(true);
                Self::empty(StatusCode::SEE_OTHER)
                    .with(LOCATION, location)
                    .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
                    .no_store()
            }
            Err(_) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Neither a browser nor a proxy keeps it (RFC 6749 section 5.1).
    #[must_use]
    pub fn no_store(self) -> Self {
        self.with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .with(PRAGMA, HeaderValue::from_static("no-cache"))
    }

    /// Sets a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a header that may stand several times.
    #[must_use]
    pub fn and(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Sets the body and its type.
    #[must_use]
    pub fn with_body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }
}

/// Is the request's body an `application/x-www-form-urlencoded` form? Parameters of the type are ignored.
#[must_use]
pub fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM_CONTENT_TYPE))
}

/// The media type of every JSON answer, without parameters.
pub const APPLICATION_JSON: &str = "application/json";
/// The media type of every posted form.
pub const FORM_CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_exactly_application_json() {
        let reply = Reply::json(StatusCode::OK, &[1]);
        assert_eq!(reply.headers[CONTENT_TYPE], "application/json");
        assert_eq!(reply.body, "[1]");
    }

    #[test]
    fn a_target_with_a_line_break_never_becomes_a_header() {
        let reply = Reply::see_other(&Secret::new("https://app.test/\r\nSet-Cookie: a=b"));
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(reply.headers.get(LOCATION).is_none());
    }

    #[test]
    fn a_form_is_a_form_whatever_its_charset() {
        for (value, form) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", true),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            assert_eq!(is_form(&headers), form, "{value}");
        }
    }
}
