//! The authorization endpoint, at its least: whoever comes twice is signed in.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::floor::Minimal;
use crate::floor::grants::Change;
use crate::floor::token::drawn;
use crate::http::Wrong;

pub(super) async fn show(
    State(minimal): State<Arc<Minimal>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    if !is_signed_in(&headers) {
        let back = format!("/authorize?{query}");
        return (StatusCode::SEE_OTHER, [(SET_COOKIE, SESSION.to_owned()), (LOCATION, back)]).into_response();
    }
    match code(&minimal, &query).await {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(wrong) => (StatusCode::BAD_REQUEST, wrong.to_string()).into_response(),
    }
}

async fn code(minimal: &Minimal, query: &str) -> Result<String, Wrong> {
    let (mut redirect_uri, mut state, mut challenge) = (String::new(), String::new(), String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "redirect_uri" => redirect_uri = value.into_owned(),
            "state" => state = value.into_owned(),
            "code_challenge" => challenge = value.into_owned(),
            _ => {}
        }
    }
    let challenge = URL_SAFE_NO_PAD.decode(challenge)?;
    let challenge = challenge.try_into().map_err(|_| Wrong::new("a challenge of another length"))?;
    let grant = i64::from_le_bytes(minimal.keys.draw()?) & i64::MAX;
    let (code, digest) = drawn(minimal, grant)?;
    minimal.grants.change(Change::Issue { grant, digest, challenge }).await?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &state)
        .finish();
    Ok(format!("{redirect_uri}?{query}"))
}

fn is_signed_in(headers: &HeaderMap) -> bool {
    let shown = headers.get(COOKIE).map(|cookie| Sha256::digest(cookie.as_bytes()));
    shown.is_some_and(|shown| shown.ct_eq(&Sha256::digest(SESSION)).into())
}

const SESSION: &str = "session=0123456789abcdef0123456789abcdef";
