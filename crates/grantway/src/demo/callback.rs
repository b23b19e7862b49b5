//! The second half: the answer, the tokens, the person's claims.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use grantway_core::base64url;
use grantway_core::http::{FORM_CONTENT_TYPE, Form, FormFault, Reply};
use grantway_core::secret::Secret;
use grantway_core::token::TokenResponse;
use http::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use super::note::Note;
use super::page::Arrived;
use super::{Demo, page};
use crate::bootstrap::DEMO_PAGE_CLIENT_ID;
use crate::listen::into_response;

pub(super) async fn receive(
    State(demo): State<Arc<Demo>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let note = Note::of_cookie(&demo, &headers);
    let reply = match finish(&demo, note, &query.unwrap_or_default()).await {
        Ok(shown) => page::arrived(&demo, &shown),
        Err(trouble) => trouble.page(&demo),
    };
    into_response(Note::forget(&demo).into_iter().fold(reply, |reply, cookie| reply.and(SET_COOKIE, cookie)))
}

/// What went wrong, in words for the person who watches.
#[derive(Debug)]
enum Trouble {
    /// The cookie is gone, or the answer is to another question.
    NotOurs,
    /// The provider said no.
    Refused(String),
    /// The provider's answer is not what the standard says.
    Odd(&'static str),
}

impl Trouble {
    fn page(&self, demo: &Demo) -> Reply {
        match self {
            Self::NotOurs => page::failed(
                demo,
                "This answer belongs to no sign-in that was started here.",
                "It took longer than ten minutes, or the browser keeps no cookies. Start again.",
            ),
            Self::Refused(error) => page::failed(
                demo,
                &format!("The provider answered: {error}"),
                "Start again to change your mind.",
            ),
            Self::Odd(what) => page::failed(demo, what, "The log of the provider says more."),
        }
    }
}

impl From<FormFault> for Trouble {
    fn from(_: FormFault) -> Self {
        Self::NotOurs
    }
}

async fn finish(demo: &Demo, note: Option<Note>, query: &str) -> Result<Arrived, Trouble> {
    let answer = Form::parse(query.as_bytes())?;
    let note = note.ok_or(Trouble::NotOurs)?;
    // RFC 9207 section 2.4 and RFC 6749 section 10.12: whose answer, and to which question.
    let ours =
        answer.one("iss")? == Some(demo.parts.issuer.as_str()) && answer.one("state")? == Some(&note.state);
    if !ours {
        return Err(Trouble::NotOurs);
    }
    if let Some(error) = answer.one("error")? {
        let described = answer.one("error_description")?.unwrap_or_default();
        return Err(Trouble::Refused(format!("{error} ({described})")));
    }
    let code = Secret::new(answer.one("code")?.ok_or(Trouble::Odd("The answer holds no code."))?);
    let tokens = redeem(demo, &note, &code).await?;
    let id_token = tokens.id_token.as_ref().and_then(claims).ok_or(Trouble::Odd("There is no ID token."))?;
    if id_token["nonce"] != note.nonce.as_str() || id_token["iss"] != demo.parts.issuer.as_str() {
        return Err(Trouble::Odd("The ID token is not the answer to this sign-in."));
    }
    let userinfo = userinfo(demo, &tokens.access_token).await?;
    if userinfo["sub"] != id_token["sub"] {
        return Err(Trouble::Odd("The ID token and userinfo speak of two people."));
    }
    let scope = tokens.scope.map(|scope| scope.to_string()).unwrap_or_default();
    Ok(Arrived { id_token, userinfo, scope, expires_in: tokens.expires_in })
}

async fn redeem(demo: &Demo, note: &Note, code: &Secret) -> Result<TokenResponse, Trouble> {
    let form = Serializer::new(String::new())
        .extend_pairs([
            ("grant_type", "authorization_code"),
            ("client_id", DEMO_PAGE_CLIENT_ID),
            ("code", code.expose()),
            ("redirect_uri", &demo.redirect_uri()),
            ("code_verifier", &note.code_verifier),
        ])
        .finish();
    let request =
        Request::post(demo.at("/oauth/token")).header(CONTENT_TYPE, FORM_CONTENT_TYPE).body(Body::from(form));
    let body = ask(demo, request).await?;
    serde_json::from_slice(&body).map_err(|_| {
        let error: Value = serde_json::from_slice(&body).unwrap_or_default();
        Trouble::Refused(error["error_description"].as_str().unwrap_or("no tokens").to_owned())
    })
}

async fn userinfo(demo: &Demo, access_token: &Secret) -> Result<Value, Trouble> {
    let request = Request::get(demo.at("/oauth/userinfo"))
        .header(AUTHORIZATION, format!("Bearer {}", access_token.expose()))
        .body(Body::empty());
    serde_json::from_slice(&ask(demo, request).await?).map_err(|_| Trouble::Odd("Userinfo is not JSON."))
}

async fn ask(demo: &Demo, request: http::Result<Request<Body>>) -> Result<Vec<u8>, Trouble> {
    let request = request.map_err(|_| Trouble::Odd("A token cannot be sent in a header."))?;
    let Ok(response) = demo.parts.provider.clone().oneshot(request).await;
    let body = to_bytes(response.into_body(), MAX_ANSWER_BYTES).await;
    body.map(|body| body.to_vec()).map_err(|_| Trouble::Odd("The answer is endless."))
}

/// The payload of a token that came straight from its issuer (OpenID Connect Core section 3.1.3.7,
/// number 6: that may stand in for its signature).
fn claims(token: &Secret) -> Option<Value> {
    let payload = token.expose().split('.').nth(1)?;
    serde_json::from_slice(&base64url::decode(payload).ok()?).ok()
}

const MAX_ANSWER_BYTES: usize = 1024 * 1024;
