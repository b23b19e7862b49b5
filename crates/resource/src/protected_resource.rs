//! What a protected resource says of itself, where clients look for it: RFC 9728.

use bytes::Bytes;
use grantway_core::protected_resource::{ProtectedResourceMetadata, ResourceIdentifier};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};

/// The document as it is sent.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) path: String,
    body: Bytes,
}

impl Published {
    pub(crate) fn new(resource: &ResourceIdentifier, document: &ProtectedResourceMetadata) -> Self {
        let body = serde_json::to_vec(document).expect("the keys of its maps are strings");
        Self { path: resource.metadata_path().to_owned(), body: body.into() }
    }

    pub(crate) fn answer(&self, method: &Method) -> Response<Bytes> {
        let mut answer = Response::new(Bytes::new());
        // Scripts of any origin may read what anybody may.
        answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if matches!(*method, Method::GET | Method::HEAD) {
            let headers = answer.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
            *answer.body_mut() = self.body.clone();
        } else {
            *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        answer
    }
}
