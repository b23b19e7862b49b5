//! The first half: what this is, and the way to the provider.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use grantway_core::http::Reply;
use grantway_core::secret::Secret;
use http::header::SET_COOKIE;
use url::form_urlencoded::Serializer;

use super::note::Note;
use super::{Demo, page};
use crate::bootstrap::DEMO_PAGE_CLIENT_ID;
use crate::listen::into_response;

pub(super) async fn explain(State(demo): State<Arc<Demo>>) -> Response {
    into_response(page::explain(&demo))
}

pub(super) async fn begin(State(demo): State<Arc<Demo>>) -> Response {
    let note = Note::draw(&demo);
    let Some((challenge, cookie)) = note.code_challenge().zip(note.to_cookie(&demo)) else {
        return into_response(page::failed(&demo, "The sign-in could not be started.", "Please try again."));
    };
    let query = Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", DEMO_PAGE_CLIENT_ID),
            ("redirect_uri", &demo.redirect_uri()),
            ("scope", "openid profile email address phone"),
            ("state", &note.state),
            ("nonce", &note.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let target = Secret::new(demo.at(&format!("/oauth/authorize?{query}")));
    into_response(Reply::see_other(&target).and(SET_COOKIE, cookie))
}
