//! The token endpoint, at its least.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::floor::Minimal;
use crate::floor::grants::Change;
use crate::floor::keys::Algorithm;
use crate::http::Wrong;
use crate::target::{ES256, RS256};

/// Client credentials: nothing is written.
pub(super) async fn for_the_application(State(minimal): State<Arc<Minimal>>, body: String) -> Response {
    let form = Posted::read(&body);
    if !form.is_from_the_application() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    answer(access_token(&minimal, minimal.id_token).map(|token| {
        format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}")
    }))
}

/// Code and refresh token: one row changed in place.
pub(super) async fn for_a_person(State(minimal): State<Arc<Minimal>>, body: String) -> Response {
    let form = Posted::read(&body);
    if !form.is_from_the_application() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    answer(exchange(&minimal, &form).await)
}

async fn exchange(minimal: &Minimal, form: &Posted) -> Result<String, Wrong> {
    let presented = form.code.as_ref().or(form.refresh_token.as_ref());
    let presented = presented.ok_or_else(|| Wrong::new("neither code nor refresh token"))?;
    let (grant, digest) = opened(presented)?;
    let challenge = form.code_verifier.as_ref().map(|verifier| Sha256::digest(verifier).into());
    let (refresh_token, successor) = drawn(minimal, grant)?;
    if !minimal.grants.change(Change::Replace { grant, digest, challenge, successor }).await? {
        return Err(Wrong::new("no such grant"));
    }
    let access_token = access_token(minimal, Algorithm::ES256)?;
    let at_hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&access_token)[..16]);
    let id_token = minimal.keys.sign(minimal.id_token, &claims(minimal, &at_hash)?)?;
    Ok(format!(
        "{{\"access_token\":\"{access_token}\",\"token_type\":\"Bearer\",\"expires_in\":3600,\
         \"refresh_token\":\"{refresh_token}\",\"id_token\":\"{id_token}\"}}"
    ))
}

/// A token that names its grant, and the digest that is kept of it.
pub(super) fn drawn(minimal: &Minimal, grant: i64) -> Result<(String, [u8; 32]), Wrong> {
    let secret: [u8; 24] = minimal.keys.draw()?;
    let token = format!("{grant}_{}", URL_SAFE_NO_PAD.encode(secret));
    let digest = Sha256::digest(&token).into();
    Ok((token, digest))
}

fn opened(token: &str) -> Result<(i64, [u8; 32]), Wrong> {
    let (grant, _) = token.split_once('_').ok_or_else(|| Wrong::new("a token of another kind"))?;
    Ok((grant.parse()?, Sha256::digest(token).into()))
}

fn access_token(minimal: &Minimal, algorithm: Algorithm) -> Result<String, Wrong> {
    minimal.keys.sign(algorithm, &claims(minimal, "")?)
}

/// As long as real ones, and drawn as often.
fn claims(minimal: &Minimal, at_hash: &str) -> Result<String, Wrong> {
    let jti: [u8; 16] = minimal.keys.draw()?;
    let jti = URL_SAFE_NO_PAD.encode(jti);
    let now = minimal.began.elapsed().as_secs();
    Ok(format!(
        "{{\"iss\":\"http://127.0.0.1:8080\",\"sub\":\"user_0123456789abcdef\",\"aud\":\"bench\",\
         \"exp\":{},\"iat\":{now},\"jti\":\"{jti}\",\"client_id\":\"bench\",\"at_hash\":\"{at_hash}\"}}",
        now + 3600
    ))
}

/// What a request says.
#[derive(Default)]
struct Posted {
    client_id: String,
    client_secret: String,
    code: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
}

impl Posted {
    fn read(body: &str) -> Self {
        let mut posted = Self::default();
        for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "client_id" => posted.client_id = value,
                "client_secret" => posted.client_secret = value,
                "code" => posted.code = Some(value),
                "code_verifier" => posted.code_verifier = Some(value),
                "refresh_token" => posted.refresh_token = Some(value),
                _ => {}
            }
        }
        posted
    }

    fn is_from_the_application(&self) -> bool {
        let known = [ES256, RS256].iter().any(|application| application.client_id == self.client_id);
        let expected = Sha256::digest(ES256.client_secret);
        known && bool::from(Sha256::digest(&self.client_secret).ct_eq(&expected))
    }
}

fn answer(tokens: Result<String, Wrong>) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    match tokens {
        Ok(tokens) => (headers, tokens).into_response(),
        Err(wrong) => (StatusCode::BAD_REQUEST, wrong.to_string()).into_response(),
    }
}
