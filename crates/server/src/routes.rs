//! Which path is whose.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use grantway_core::http::Reply;
use http::{HeaderMap, Method};

use crate::addresses::{
    AUTHORIZATION_SERVER, AUTHORIZE, CONSENT, JWKS, OPENID_CONFIGURATION, TOKEN, USERINFO,
};
use crate::http::{Posted, into_response, open_to_scripts, preflight};
use crate::parts::ServerParts;
use crate::{Server, authorize, health, jwks, token, userinfo};

type Shared = State<Arc<Server>>;

/// All endpoints of one issuer.
pub fn router(parts: ServerParts) -> Router {
    let consent_path = format!("{CONSENT}/{{client_id}}");
    Router::new()
        .route(AUTHORIZE, any(authorize))
        .route(&consent_path, post(consent))
        .route(TOKEN, any(token))
        .route(USERINFO, any(userinfo))
        .route(OPENID_CONFIGURATION, document(discovery))
        .route(AUTHORIZATION_SERVER, document(discovery))
        .route(JWKS, document(keys))
        .route("/healthz", plain(alive))
        .route("/readyz", plain(ready))
        .with_state(Arc::new(Server::new(parts)))
}

// GET alone would also answer HEAD by doing all of GET, a code issued included: these endpoints look
// at the method themselves.

async fn authorize(
    State(server): Shared,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    request: Request,
) -> Response {
    into_response(match method {
        Method::GET => authorize::by_query(&server, &headers, &query.unwrap_or_default()).await,
        Method::POST => authorize::by_form(&server, &Posted::read(request).await).await,
        other => Reply::method_not_allowed("GET, POST", &other),
    })
}

async fn consent(State(server): Shared, Path(client_id): Path<String>, request: Request) -> Response {
    into_response(authorize::decide(&server, &client_id, &Posted::read(request).await).await)
}

async fn token(State(server): Shared, method: Method, request: Request) -> Response {
    into_response(open_to_scripts(match method {
        Method::POST => token::answer(&server, &Posted::read(request).await).await,
        Method::OPTIONS => preflight("POST"),
        other => Reply::method_not_allowed("POST", &other),
    }))
}

async fn userinfo(
    State(server): Shared,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let query = query.unwrap_or_default();
    into_response(open_to_scripts(match method {
        Method::GET => userinfo::by_header(&server, &headers, &query).await,
        Method::POST => userinfo::by_post(&server, &Posted::read(request).await).await,
        Method::OPTIONS => preflight("GET, POST"),
        other => Reply::method_not_allowed("GET, POST", &other),
    }))
}

async fn discovery(State(server): Shared, headers: HeaderMap) -> Response {
    into_response(open_to_scripts(server.discovery.reply(&headers)))
}

async fn keys(State(server): Shared, headers: HeaderMap) -> Response {
    into_response(open_to_scripts(jwks::reply(&server, &headers).await))
}

async fn alive() -> Response {
    into_response(health::alive())
}

async fn ready(State(server): Shared) -> Response {
    into_response(health::ready(&server).await)
}

fn document<H, T>(handler: H) -> MethodRouter<Arc<Server>>
where
    H: axum::handler::Handler<T, Arc<Server>>,
    T: 'static,
{
    on(MethodFilter::GET, handler).options(may_read).fallback(only_get)
}

fn plain<H, T>(handler: H) -> MethodRouter<Arc<Server>>
where
    H: axum::handler::Handler<T, Arc<Server>>,
    T: 'static,
{
    on(MethodFilter::GET, handler).fallback(only_get)
}

fn post<H, T>(handler: H) -> MethodRouter<Arc<Server>>
where
    H: axum::handler::Handler<T, Arc<Server>>,
    T: 'static,
{
    on(MethodFilter::POST, handler).fallback(only_post)
}

async fn may_read() -> Response {
    into_response(open_to_scripts(preflight("GET, HEAD")))
}

async fn only_get(method: Method) -> Response {
    into_response(Reply::method_not_allowed("GET, HEAD", &method))
}

async fn only_post(method: Method) -> Response {
    into_response(Reply::method_not_allowed("POST", &method))
}
