//! Requests and answers as axum has them; the only file that turns one language into the other.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use grantway_core::http::{APPLICATION_JSON, Reply};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fault::Fault;

/// A request whose body nobody has read yet.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) headers: HeaderMap,
    body: Body,
}

impl From<Request> for Asked {
    fn from(request: Request) -> Self {
        let (head, body) = request.into_parts();
        Self { headers: head.headers, body }
    }
}

impl Asked {
    /// The JSON object it brings; `wrong` says what is asked for, if it brings another.
    pub(crate) async fn object<T: DeserializeOwned>(self, wrong: &'static str) -> Result<T, Fault> {
        if !is_json(&self.headers) {
            return Err(Fault::NotJson);
        }
        // A body that breaks off is as good as endless: nobody reads the answer.
        let body: Bytes = to_bytes(self.body, MAX_BODY_BYTES).await.map_err(|_| Fault::TooLarge)?;
        // What stands in it twice is the later of them.
        match serde_json::from_slice(&body) {
            Ok(object @ Value::Object(_)) => serde_json::from_value(object).map_err(|_| Fault::Member(wrong)),
            Ok(_) | Err(_) => Err(Fault::NotAnObject),
        }
    }
}

/// Whoever does not say is believed.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(APPLICATION_JSON)
}

pub(crate) fn into_response(reply: Reply) -> Response {
    let Reply { status, headers, body } = reply;
    (status, headers, Body::from(body)).into_response()
}

const MAX_BODY_BYTES: usize = 64 * 1024;
