//! The pages as axum serves them; the only file that speaks both languages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use grantway_core::http::{Form, FormFault, MAX_FORM_BYTES, PeerAddress, Reply, is_form};
use http::{HeaderMap, Method};

use crate::page::Trouble;
use crate::sign_in::Visitation;
use crate::{Login, sign_in, sign_out, signed_in};

pub(crate) fn router(login: Arc<Login>) -> Router {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(submit_sign_in).fallback(only_get_and_post))
        .route(signed_in::ADDRESS, get(show_signed_in).fallback(only_get))
        .route("/sign-out", post(submit_sign_out).fallback(only_post))
        .with_state(login)
}

type Shared = State<Arc<Login>>;

async fn show_sign_in(State(login): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    answer(&login, sign_in::show(&login, &headers, &query.unwrap_or_default()))
}

async fn submit_sign_in(State(login): Shared, request: Request) -> Response {
    let peer = request.extensions().get::<PeerAddress>().copied();
    let posted = match posted(request).await {
        Ok((headers, form)) => sign_in::submit(&login, &Visitation { headers, form, peer }).await,
        Err(trouble) => Err(trouble),
    };
    answer(&login, posted)
}

async fn show_signed_in(State(login): Shared, headers: HeaderMap) -> Response {
    answer(&login, signed_in::show(&login, &headers).await)
}

async fn submit_sign_out(State(login): Shared, request: Request) -> Response {
    let posted = match posted(request).await {
        Ok((headers, form)) => sign_out::submit(&login, &headers, &form).await,
        Err(trouble) => Err(trouble),
    };
    answer(&login, posted)
}

async fn only_get_and_post(State(login): Shared, method: Method) -> Response {
    into_response(login.pages.method_not_allowed(&method, "GET, HEAD, POST"))
}

async fn only_get(State(login): Shared, method: Method) -> Response {
    into_response(login.pages.method_not_allowed(&method, "GET, HEAD"))
}

async fn only_post(State(login): Shared, method: Method) -> Response {
    into_response(login.pages.method_not_allowed(&method, "POST"))
}

async fn posted(request: Request) -> Result<(HeaderMap, Form), Trouble> {
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return Err(Trouble::NotAForm);
    }
    // A body that breaks off ends here too, and nobody reads the answer.
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| FormFault::TooLarge)?;
    Ok((head.headers, Form::parse(&body)?))
}

fn answer(login: &Login, outcome: Result<Reply, Trouble>) -> Response {
    into_response(outcome.unwrap_or_else(|trouble| login.pages.trouble(trouble, &*login.parts.audit)))
}

fn into_response(reply: Reply) -> Response {
    let Reply { status, headers, body } = reply;
    (status, headers, Body::from(body)).into_response()
}
