//! Which path and method is which operation.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{any, delete, get};
use grantway_core::http::Reply;
use http::{HeaderMap, Method};

use crate::ConnectParts;
use crate::fault::Fault;
use crate::http::into_response;
use crate::registry::{api_keys, projects};

pub(crate) fn router(parts: Arc<ConnectParts>) -> Router {
    Router::new()
        .route(PROJECTS, get(list_projects).post(create_project).fallback(not_projects))
        .route(&format!("{PROJECTS}/{{project}}"), get(show_project).fallback(not_a_project))
        .route(
            &format!("{PROJECTS}/{{project}}/apiKeys"),
            get(list_keys).post(issue_key).fallback(not_projects),
        )
        .route(&format!("{PROJECTS}/{{project}}/apiKeys/{{api_key}}"), delete(revoke_key).fallback(not_a_key))
        .route("/api/v1/{*rest}", any(nothing))
        .with_state(parts)
}

type Shared = State<Arc<ConnectParts>>;
/// What is no text is nobody's name.
type Named<T> = Result<Path<T>, PathRejection>;

async fn list_projects(State(parts): Shared, headers: HeaderMap) -> Response {
    answer(&parts, projects::list(&parts, &headers).await)
}

async fn create_project(State(parts): Shared, request: Request) -> Response {
    answer(&parts, projects::create(&parts, request.into()).await)
}

async fn show_project(State(parts): Shared, named: Named<String>, headers: HeaderMap) -> Response {
    let project = named.map(|Path(project)| project).unwrap_or_default();
    answer(&parts, projects::show(&parts, &headers, &project).await)
}

async fn list_keys(State(parts): Shared, named: Named<String>, headers: HeaderMap) -> Response {
    let project = named.map(|Path(project)| project).unwrap_or_default();
    answer(&parts, api_keys::list(&parts, &headers, &project).await)
}

async fn issue_key(State(parts): Shared, named: Named<String>, request: Request) -> Response {
    let project = named.map(|Path(project)| project).unwrap_or_default();
    answer(&parts, api_keys::issue(&parts, request.into(), &project).await)
}

async fn revoke_key(State(parts): Shared, named: Named<(String, String)>, headers: HeaderMap) -> Response {
    let (project, api_key) = named.map(|Path(named)| named).unwrap_or_default();
    answer(&parts, api_keys::revoke(&parts, &headers, api_keys::Named { project, api_key }).await)
}

async fn not_projects(State(parts): Shared, method: Method) -> Response {
    answer(&parts, Err(Fault::Method(method, "GET, HEAD, POST")))
}

async fn not_a_project(State(parts): Shared, method: Method) -> Response {
    answer(&parts, Err(Fault::Method(method, "GET, HEAD")))
}

async fn not_a_key(State(parts): Shared, method: Method) -> Response {
    answer(&parts, Err(Fault::Method(method, "DELETE")))
}

/// A program that took a wrong turn is answered as it is elsewhere here.
async fn nothing(State(parts): Shared) -> Response {
    answer(&parts, Err(Fault::Nothing))
}

fn answer(parts: &ConnectParts, outcome: Result<Reply, Fault>) -> Response {
    into_response(outcome.unwrap_or_else(|fault| fault.reply(&*parts.audit)))
}

const PROJECTS: &str = "/api/v1/projects";
