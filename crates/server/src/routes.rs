//! Which path and method is which endpoint.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use grantway_core::client::LOGOS;
use grantway_core::http::Reply;
use http::{HeaderMap, Method};

use crate::addresses::{
    AUTHORIZATION_SERVER, AUTHORIZE, CONSENT, INTROSPECTION, JWKS, LOGOUT, OPENID_CONFIGURATION, REVOCATION,
    TOKEN, USERINFO,
};
use crate::http::{Posted, into_response, open_to_scripts, preflight};
use crate::{Server, authorize, health, introspect, jwks, logo, logout, revoke, satellite, token, userinfo};

pub(crate) fn router(server: Arc<Server>) -> Router {
    let document = get(metadata).options(preflight_document).fallback(not_a_document);
    let root = server.addresses.place.root.clone();
    let issuer = operations(&server)
        .route(OPENID_CONFIGURATION, document.clone())
        .route(AUTHORIZATION_SERVER, document.clone())
        .route(JWKS, get(keys).options(preflight_document).fallback(not_a_document))
        .route(&format!("{LOGOS}/{{digest}}/{{client_id}}"), get(picture).fallback(not_a_picture));
    let health = Router::new()
        .route("/healthz", get(alive).fallback(not_health))
        .route("/readyz", get(ready).fallback(not_health));
    let whole = if root.is_empty() {
        issuer
    } else {
        // RFC 8414 section 3.1 puts the path of the issuer behind the well-known one. There are clients that look
        // for the other document in the same way (RFC 8414 section 5).
        Router::new()
            .nest(&root, issuer)
            .route(&format!("{AUTHORIZATION_SERVER}{root}"), document.clone())
            .route(&format!("{OPENID_CONFIGURATION}{root}"), document)
    };
    whole.merge(health).with_state(server)
}

/// All that does something.
fn operations(server: &Arc<Server>) -> Router<Arc<Server>> {
    let operations = Router::new()
        .route(AUTHORIZE, get(ask).post(ask_by_post).head(not_authorize).fallback(not_authorize))
        .route(&format!("{CONSENT}/{{client_id}}"), post(decide).fallback(not_consent))
        .route(TOKEN, post(exchange).options(preflight_token).fallback(not_token))
        .route(INTROSPECTION, post(introspection).fallback(not_introspection))
        .route(REVOCATION, post(revocation).options(preflight_token).fallback(not_token))
        .route(LOGOUT, get(sign_out).post(sign_out_by_post).head(not_logout).fallback(not_logout))
        .route(
            USERINFO,
            get(person)
                .post(person_by_post)
                .options(preflight_userinfo)
                .head(not_userinfo)
                .fallback(not_userinfo),
        );
    if server.parts.satellite_hosts.is_empty() {
        return operations;
    }
    operations.route_layer(from_fn_with_state(Arc::clone(server), satellite::turn_away))
}

type Shared = State<Arc<Server>>;

async fn ask(State(server): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    into_response(authorize::ask(&server, &headers, &query.unwrap_or_default()).await)
}

async fn ask_by_post(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(authorize::ask_by_post(&server, &posted).await)
}

async fn decide(
    State(server): Shared,
    client_id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let posted = Posted::read(request).await;
    // What is no text is nobody's name, and ends at the same page.
    let client_id = client_id.map(|Path(client_id)| client_id).unwrap_or_default();
    into_response(authorize::decide(&server, client_id, posted).await)
}

async fn exchange(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(open_to_scripts(token::answer(&server, &posted).await))
}

async fn introspection(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(introspect::answer(&server, &posted).await)
}

async fn revocation(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(open_to_scripts(revoke::answer(&server, &posted).await))
}

async fn sign_out(State(server): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    into_response(logout::ask(&server, &headers, &query.unwrap_or_default()).await)
}

async fn sign_out_by_post(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(logout::submit(&server, &posted).await)
}

async fn person(State(server): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let reply = userinfo::show(&server, &headers, &query.unwrap_or_default()).await;
    into_response(open_to_scripts(reply))
}

async fn person_by_post(State(server): Shared, request: Request) -> Response {
    let posted = Posted::read(request).await;
    into_response(open_to_scripts(userinfo::submit(&server, &posted).await))
}

async fn metadata(State(server): Shared, headers: HeaderMap) -> Response {
    into_response(open_to_scripts(server.metadata.answer(&headers)))
}

async fn keys(State(server): Shared, headers: HeaderMap) -> Response {
    into_response(open_to_scripts(jwks::show(&server, &headers).await))
}

async fn picture(State(server): Shared, named: Option<Path<(String, String)>>) -> Response {
    let (digest, client_id) = named.map(|Path(named)| named).unwrap_or_default();
    into_response(logo::show(&server, &digest, &client_id).await)
}

async fn alive() -> Response {
    into_response(health::alive())
}

async fn ready(State(server): Shared) -> Response {
    into_response(health::ready(&server).await)
}

async fn preflight_token() -> Response {
    into_response(preflight(TOKEN_METHODS))
}

async fn preflight_userinfo() -> Response {
    into_response(preflight(USERINFO_METHODS))
}

async fn preflight_document() -> Response {
    into_response(preflight(DOCUMENT_METHODS))
}

async fn not_authorize(method: Method) -> Response {
    into_response(Reply::method_not_allowed("GET, POST", &method))
}

async fn not_logout(method: Method) -> Response {
    into_response(Reply::method_not_allowed("GET, POST", &method))
}

async fn not_consent(method: Method) -> Response {
    into_response(Reply::method_not_allowed("POST", &method))
}

async fn not_token(method: Method) -> Response {
    into_response(open_to_scripts(Reply::method_not_allowed(TOKEN_METHODS, &method)))
}

async fn not_introspection(method: Method) -> Response {
    into_response(Reply::method_not_allowed("POST", &method))
}

async fn not_userinfo(method: Method) -> Response {
    into_response(open_to_scripts(Reply::method_not_allowed(USERINFO_METHODS, &method)))
}

async fn not_a_document(method: Method) -> Response {
    into_response(open_to_scripts(Reply::method_not_allowed(DOCUMENT_METHODS, &method)))
}

async fn not_a_picture(method: Method) -> Response {
    into_response(Reply::method_not_allowed("GET, HEAD", &method))
}

async fn not_health(method: Method) -> Response {
    into_response(Reply::method_not_allowed("GET, HEAD", &method))
}

const TOKEN_METHODS: &str = "POST, OPTIONS";
const USERINFO_METHODS: &str = "GET, POST, OPTIONS";
const DOCUMENT_METHODS: &str = "GET, HEAD, OPTIONS";
