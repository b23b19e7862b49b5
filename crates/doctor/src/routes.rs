//! The addresses as axum serves them; the only file that speaks both languages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use grantway_core::http::{APPLICATION_JSON, Form, MAX_FORM_BYTES, Reply, is_form};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::Doctor;
use crate::connection_test::{ConnectionSettings, refusal};
use crate::page::{self, Pasted, Unreadable};

pub(crate) fn router(doctor: Arc<Doctor>) -> Router {
    let test = || post(test_connection).fallback(only_post);
    Router::new()
        .route("/api/v1/projects/{project}/endpoints/oauth2/test", test())
        .route("/v1/projects/{project}/endpoints/oauth2/test", test())
        .route("/api/v1/openapi.json", get(show_openapi).fallback(only_get))
        .route("/connection-test", get(show_page).post(submit_page).fallback(no_such_method))
        .with_state(doctor)
}

async fn test_connection(
    State(doctor): State<Arc<Doctor>>,
    project: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    // What is no UTF-8 is nobody's name; whoever asks is looked at first.
    let project = project.map(|Path(project)| project).unwrap_or_default();
    let admitted = match doctor.door.admit(&head.headers, &project).await {
        Ok(admitted) => admitted,
        Err(refused) => return into_response(refused),
    };
    let reply = match to_bytes(body, MAX_REQUEST_BYTES).await {
        Err(_) => refusal(StatusCode::PAYLOAD_TOO_LARGE, "Invalid request format"),
        Ok(body) => match ConnectionSettings::read(&body) {
            Err(unfit) => refusal(StatusCode::BAD_REQUEST, &unfit.to_string()),
            Ok(settings) => {
                let diagnose = wants_diagnosis(query.as_deref().unwrap_or_default());
                Reply::json(StatusCode::OK, &doctor.tested(&admitted, &settings, diagnose).await).no_store()
            }
        },
    };
    into_response(admitted.left.tell(reply))
}

async fn show_page(
    State(doctor): State<Arc<Doctor>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes());
    into_response(match form {
        Ok(form) => page::show(&doctor, &headers, &form),
        Err(fault) => page::unreadable(&doctor, &headers, Unreadable::of(&fault)),
    })
}

async fn submit_page(State(doctor): State<Arc<Doctor>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    into_response(match posted(&head.headers, body).await {
        Ok(pasted) => page::submit(&doctor, &head.headers, &pasted).await,
        Err(unreadable) => page::unreadable(&doctor, &head.headers, unreadable),
    })
}

async fn posted(headers: &HeaderMap, body: Body) -> Result<Pasted, Unreadable> {
    if !is_form(headers) {
        return Err(Unreadable::NotAForm);
    }
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| Unreadable::TooLarge)?;
    Pasted::read(&body)
}

async fn no_such_method(State(doctor): State<Arc<Doctor>>, headers: HeaderMap, method: Method) -> Response {
    into_response(page::wrong_method(&doctor, &headers, &method))
}

fn wants_diagnosis(query: &str) -> bool {
    Form::parse(query.as_bytes()).is_ok_and(|form| matches!(form.one("diagnose"), Ok(Some("true"))))
}

/// For everybody, pages of other origins included: nothing in it is a secret.
async fn show_openapi() -> Response {
    let reply = Reply::empty(StatusCode::OK)
        .with_body(APPLICATION_JSON, OPENAPI)
        .with(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
        .with(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    into_response(reply)
}

async fn only_get() -> Response {
    let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, "use GET");
    into_response(reply.with(ALLOW, HeaderValue::from_static("GET, HEAD")))
}

async fn only_post() -> Response {
    let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, "use POST");
    into_response(reply.with(ALLOW, HeaderValue::from_static("POST")))
}

fn into_response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

/// What the API is, for programs that make clients and pages of it.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
const MAX_REQUEST_BYTES: usize = 64 * 1024;
