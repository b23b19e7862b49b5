//! The layer, and what a client that is not let in is told.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use grantway_core::audit::Event;
use http::{Method, Request, Response, StatusCode};
use serde_json::json;
use tower::{Layer, Service, ServiceExt, service_fn};

use super::{Scene, challenges};
use crate::{Authorized, Require, Resource, ResourceLayer};

type Body = Vec<u8>;

/// Says who was let in.
async fn greet(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let caller = request.extensions().get::<Authorized>().and_then(Authorized::subject);
    Ok(Response::new(caller.unwrap_or("nobody").into()))
}

fn get(authorization: Option<&str>) -> Request<Body> {
    let mut request = Request::get("/orders");
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    request.body(Body::new()).unwrap()
}

async fn ask(resource: &Resource, require: Require, request: Request<Body>) -> Response<Body> {
    let layer = ResourceLayer::new(resource.clone()).requiring(require);
    layer.layer(service_fn(greet)).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn whoever_is_let_in_is_known_behind_the_layer() {
    let scene = Scene::new();

    let answer =
        ask(&scene.resource(), Require::token(), get(Some(&format!("Bearer {}", scene.token())))).await;

    assert_eq!((answer.status(), answer.body().as_slice()), (StatusCode::OK, b"ada".as_slice()));
    assert_eq!(scene.audit.events(), []);
}

#[tokio::test]
async fn whoever_has_not_tried_is_told_how_and_of_no_error() {
    let scene = Scene::new().with(|parts| parts.metadata = Some(parts.description()));

    let answer = ask(&scene.resource(), Require::scope("read").unwrap(), get(None)).await;

    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let metadata = "resource_metadata=\"https://api.test/.well-known/oauth-protected-resource\"";
    let algs = "algs=\"ES256 ES384 ES512 Ed25519 EdDSA PS256 PS384 PS512 RS256 RS384 RS512\"";
    assert_eq!(
        challenges(&answer),
        [
            format!("Bearer realm=\"https://api.test\", {metadata}, scope=\"read\""),
            format!("DPoP realm=\"https://api.test\", {algs}, {metadata}, scope=\"read\""),
        ]
    );
    assert_eq!(scene.audit.events(), [], "nothing was tried");
}

#[tokio::test]
async fn each_way_to_be_refused_has_its_answer_and_the_log_says_which_rule_it_was() {
    let scene = Scene::new().with(|parts| parts.dpop.algorithms.clear());
    let resource = scene.resource();
    let bearer = |token: &str| get(Some(&format!("Bearer {token}")));
    let good = || bearer(&scene.token());
    let step_up = Require::token().acr_values(["phr\"\\", "phrh"]).max_age(Duration::from_secs(5));
    let mut in_address = good();
    *in_address.uri_mut() = "/orders?access_token=a".parse().unwrap();
    for (require, request, status, parameters, reason, client_id) in [
        (
            Require::token(),
            bearer(&scene.token_with("exp", json!(1))),
            401,
            "error=\"invalid_token\", error_description=\"the access token has expired\"",
            "expired",
            None,
        ),
        (
            Require::token(),
            bearer(&scene.token_with("aud", json!("https://secret.test"))),
            401,
            "error=\"invalid_token\", error_description=\"the access token is for another audience\"",
            "audience",
            None,
        ),
        (
            Require::token(),
            in_address,
            400,
            "error=\"invalid_request\", error_description=\"an access token belongs in the Authorization header, and not in the address\"",
            "in_address",
            None,
        ),
        (
            Require::token(),
            bearer("a b"),
            400,
            "error=\"invalid_request\", error_description=\"the Authorization header is malformed, or there are two\"",
            "header",
            None,
        ),
        (
            Require::scope("admin read").unwrap().or_scope("root").unwrap(),
            good(),
            403,
            "error=\"insufficient_scope\", error_description=\"the access token does not have the scope that is needed here\", scope=\"admin read\"",
            "insufficient_scope",
            Some("app"),
        ),
        (
            step_up,
            good(),
            401,
            "error=\"insufficient_user_authentication\", error_description=\"the person has to be recognised anew, or more surely\", acr_values=\"phr\\\"\\\\ phrh\", max_age=\"5\"",
            "authentication",
            Some("app"),
        ),
    ] {
        let told = scene.audit.events().len();
        let answer = ask(&resource, require, request).await;

        assert_eq!(answer.status(), status, "{reason}");
        assert_eq!(challenges(&answer), [format!("Bearer realm=\"https://api.test\", {parameters}")]);
        assert_eq!(answer.body(), &Body::new());
        let client_id = client_id.map(|name| name.parse().unwrap());
        assert_eq!(scene.audit.events()[told..], [Event::AccessRefused { client_id, reason }]);
    }
}

#[tokio::test]
async fn a_token_with_a_proof_is_told_of_proofs_alone_and_a_bearer_token_of_both() {
    let scene = Scene::new();
    let resource = scene.resource();
    let token = scene.token();
    let schemes = |answer: &Response<Body>| -> Vec<(String, bool)> {
        let told = challenges(answer).into_iter();
        told.map(|text| (text.split(' ').next().unwrap().to_owned(), text.contains("error="))).collect()
    };

    let proof = ask(&resource, Require::token(), get(Some(&format!("DPoP {token}")))).await;
    let bearer = ask(&resource, Require::token(), get(Some("Bearer x"))).await;
    let required = Require::token().proof_of_possession();
    let without = ask(&resource, required.clone(), get(None)).await;
    let downgraded = ask(&resource, required, get(Some(&format!("Bearer {token}")))).await;

    assert_eq!(schemes(&proof), [("DPoP".to_owned(), true)]);
    assert_eq!(schemes(&bearer), [("Bearer".to_owned(), true), ("DPoP".to_owned(), false)]);
    assert_eq!(schemes(&without), [("DPoP".to_owned(), false)]);
    assert_eq!(schemes(&downgraded), [("Bearer".to_owned(), true), ("DPoP".to_owned(), false)]);
}

#[tokio::test]
async fn a_question_of_a_browser_without_a_token_is_not_let_in() {
    let scene = Scene::new();
    let mut request = get(None);
    *request.method_mut() = Method::OPTIONS;

    assert_eq!(ask(&scene.resource(), Require::token(), request).await.status(), 401);
}

#[tokio::test]
async fn within_another_layer_of_the_same_resource_only_what_is_required_is_looked_at() {
    let scene = Scene::asking();
    let resource = scene.resource();
    scene.desk.says("opaque", json!({"active": true, "aud": "https://api.test", "scope": "read"}));
    let nested = |scope: &str, inner: &Resource| {
        let inner = ResourceLayer::new(inner.clone()).requiring(Require::scope(scope).unwrap());
        ResourceLayer::new(resource.clone()).layer(inner.layer(service_fn(greet)))
    };
    let request = || get(Some("Bearer opaque"));

    assert_eq!(nested("read", &resource).oneshot(request()).await.unwrap().status(), 200);
    assert_eq!(nested("write", &resource).oneshot(request()).await.unwrap().status(), 403);
    assert_eq!(scene.desk.asked(), 1);
    let other = scene.with(|parts| parts.issuers[0].audiences.push("urn:other".to_owned()));
    let other = other.resource();
    assert_eq!(nested("read", &other).oneshot(request()).await.unwrap().status(), 401, "it asks for itself");
}

/// Ready once, and only if it was asked; a clone of it is not.
#[derive(Debug)]
struct Once(bool);

impl Clone for Once {
    fn clone(&self) -> Self {
        Self(false)
    }
}

impl Service<Request<Body>> for Once {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0 = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.0), "it was not ready");
        std::future::ready(Ok(Response::new(Body::new())))
    }
}

#[tokio::test]
async fn the_service_that_was_ready_is_the_one_that_is_called() {
    let scene = Scene::new();
    let token = format!("Bearer {}", scene.token());
    let mut service = ResourceLayer::new(scene.resource()).layer(Once(false));

    for _ in 0..2 {
        let answer = service.ready().await.unwrap().call(get(Some(&token))).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
