//! Requests and answers as axum has them; the only file that turns one language into the other.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use grantway_core::http::{Form, FormFault, MAX_FORM_BYTES, Reply, is_form};
use http::{HeaderMap, HeaderValue, StatusCode};

/// A posted request, read to its end or to the limit.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) headers: HeaderMap,
    pub(crate) query: String,
    body: Option<Bytes>,
}

/// Why a posted body is no form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    /// The `Content-Type` says so.
    NotAForm,
    /// It cannot be read.
    Form(FormFault),
}

impl Posted {
    /// Reads no more than a form may have.
    pub(crate) async fn read(request: Request) -> Self {
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default().to_owned();
        // A body that breaks off is as good as endless: nobody reads the answer.
        Self { headers: head.headers, query, body: to_bytes(body, MAX_FORM_BYTES).await.ok() }
    }

    pub(crate) fn form(&self) -> Result<Form, BodyFault> {
        if !is_form(&self.headers) {
            return Err(BodyFault::NotAForm);
        }
        let body = self.body.as_ref().ok_or(BodyFault::Form(FormFault::TooLarge))?;
        Form::parse(body).map_err(BodyFault::Form)
    }
}

impl BodyFault {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Form(FormFault::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAForm
            | Self::Form(FormFault::Encoding | FormFault::Repeated(_) | FormFault::RepeatedOther) => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

impl From<FormFault> for BodyFault {
    fn from(fault: FormFault) -> Self {
        Self::Form(fault)
    }
}

impl std::fmt::Display for BodyFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAForm => f.write_str("the body has to be application/x-www-form-urlencoded"),
            Self::Form(fault) => fault.fmt(f),
        }
    }
}

pub(crate) fn into_response(reply: Reply) -> Response {
    let Reply { status, headers, body } = reply;
    (status, headers, Body::from(body)).into_response()
}

/// Lets scripts of any origin read the answer. They bring no cookies: nothing here that is open to
/// them looks at one.
pub(crate) fn open_to_scripts(reply: Reply) -> Reply {
    reply
        .with(http::header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
        .with(http::header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("WWW-Authenticate"))
}

/// The answer to a browser that asks before a script may.
pub(crate) fn preflight(allowed: &'static str) -> Reply {
    open_to_scripts(Reply::empty(StatusCode::NO_CONTENT))
        .with(http::header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(allowed))
        // The wildcard does not stand for `Authorization` (Fetch, section 4.8).
        .with(http::header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, *"))
        .with(http::header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"))
}
