//! A bearer token whose signature is verified, and an answer that is always the same.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::floor::Minimal;

pub(super) async fn show(State(minimal): State<Arc<Minimal>>, headers: HeaderMap) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if !token.is_some_and(|token| minimal.keys.is_ours(token)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    ([(CONTENT_TYPE, "application/json")], "{\"sub\":\"user_0123456789abcdef\"}").into_response()
}
