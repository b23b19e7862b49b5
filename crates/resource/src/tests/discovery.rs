//! Where an issuer's keys are, by its metadata.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use grantway_core::audit::Event;
use grantway_core::seam::{Fetch, FetchFault, FetchFaultKind, FetchRequest, Fetched, SeamError};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{ISSUER, Scene, bearer, refused};
use crate::{Require, Resource, TrustedIssuer};

const FIRST: &str = "https://op.test/.well-known/openid-configuration";
const SECOND: &str = "https://op.test/.well-known/oauth-authorization-server";
const KEYS: &str = "https://op.test/jwks";

/// Has one document, if any, and counts who asks for it.
#[derive(Debug)]
struct Shelf {
    place: &'static str,
    document: Mutex<Option<Value>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Fetch for Shelf {
    async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // So that others come meanwhile.
        tokio::task::yield_now().await;
        let answer = |status, body: String| Fetched::Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::from(body),
        };
        Ok(match &*self.document.lock().unwrap() {
            Some(document) if request.url == self.place => answer(StatusCode::OK, document.to_string()),
            Some(_) => answer(StatusCode::NOT_FOUND, String::new()),
            None => Fetched::Refused(FetchFault {
                kind: FetchFaultKind::Connection,
                detail: "nobody is there".to_owned(),
            }),
        })
    }
}

fn metadata() -> Value {
    json!({"issuer": ISSUER, "jwks_uri": KEYS})
}

fn shelf(place: &'static str, document: Option<Value>) -> Arc<Shelf> {
    Arc::new(Shelf { place, document: Mutex::new(document), asked: AtomicUsize::new(0) })
}

fn scene(shelf: &Arc<Shelf>) -> Scene {
    let scene = Scene::trusting(vec![TrustedIssuer::discovered(ISSUER)]);
    scene.verifier.publishes(KEYS, "own");
    scene.with(|parts| parts.fetch = Some(shelf.clone()))
}

fn asked(shelf: &Shelf) -> usize {
    shelf.asked.load(Ordering::SeqCst)
}

/// A token of its own for each, so that none is remembered.
async fn status(scene: &Scene, resource: &Resource, jti: u32) -> u16 {
    let mut claims = scene.claims();
    claims["jti"] = json!(jti.to_string());
    let token = super::signed("own", &claims);
    match resource.admit(&bearer(&token), &Require::token()).await {
        Ok(_) => 200,
        Err(answer) => answer.status().as_u16(),
    }
}

#[tokio::test]
async fn an_issuer_is_asked_once_for_all_and_at_each_of_its_places() {
    let shelf = shelf(SECOND, Some(metadata()));
    let scene = scene(&shelf);
    let resource = scene.resource();
    assert_eq!(asked(&shelf), 0, "nobody is asked before there is a token");

    let all = tokio::join!(
        status(&scene, &resource, 1),
        status(&scene, &resource, 2),
        status(&scene, &resource, 3),
    );

    assert_eq!(all, (200, 200, 200));
    assert_eq!(asked(&shelf), 2, "the first place has nothing");
    scene.later(3599);
    assert_eq!(status(&scene, &resource, 4).await, 200);
    assert_eq!(asked(&shelf), 2);
    scene.later(1);
    assert_eq!(status(&scene, &resource, 5).await, 200);
    assert_eq!(asked(&shelf), 4);
}

#[tokio::test]
async fn metadata_that_is_anothers_or_leads_astray_is_not_believed() {
    for document in [
        json!({"issuer": "https://op.test/", "jwks_uri": KEYS}),
        json!({"issuer": "https://evil.test", "jwks_uri": KEYS}),
        json!({"jwks_uri": KEYS}),
        json!({"issuer": ISSUER}),
        json!({"issuer": ISSUER, "jwks_uri": "http://op.test/jwks"}),
        json!(["nothing"]),
    ] {
        let shelf = shelf(FIRST, Some(document.clone()));
        let scene = scene(&shelf);

        assert_eq!(status(&scene, &scene.resource(), 1).await, 503, "{document}");
        let [Event::MetadataUnavailable { issuer, why }, ..] = &scene.audit.events()[..] else {
            panic!("{:?}", scene.audit.events())
        };
        assert_eq!(issuer, ISSUER);
        assert!(why.contains(FIRST) && why.contains(SECOND), "{why}");
    }
}

#[tokio::test]
async fn a_question_that_came_to_nothing_is_not_put_again_for_each_request() {
    let shelf = shelf(FIRST, None);
    let scene = scene(&shelf);
    let resource = scene.resource();

    for jti in 0..5 {
        assert_eq!(status(&scene, &resource, jti).await, 503);
    }
    assert_eq!(asked(&shelf), 1, "nobody is there, so one place is enough");
    *shelf.document.lock().unwrap() = Some(metadata());
    scene.later(9);
    assert_eq!(status(&scene, &resource, 6).await, 503);
    scene.later(1);
    assert_eq!(status(&scene, &resource, 7).await, 200);
}

#[tokio::test]
async fn what_was_found_is_good_for_a_day_while_the_issuer_does_not_answer() {
    let shelf = shelf(FIRST, Some(metadata()));
    let scene = scene(&shelf);
    let resource = scene.resource();
    let day = 24 * 60 * 60;
    assert_eq!(status(&scene, &resource, 1).await, 200);
    *shelf.document.lock().unwrap() = None;

    scene.later(day - 1);
    // Whoever asks first goes away in the middle.
    let gone = Box::pin(status(&scene, &resource, 2));
    let polled = futures_poll_once(gone).await;
    assert!(!polled);
    assert_eq!(status(&scene, &resource, 3).await, 200);
    scene.later(1);
    assert_eq!(status(&scene, &resource, 4).await, 503);
}

#[tokio::test]
async fn no_token_of_a_stranger_makes_us_ask_anybody() {
    let shelf = shelf(FIRST, Some(metadata()));
    let scene = scene(&shelf);

    let why = refused(&scene.resource(), &scene.token_with("iss", json!("https://evil.test"))).await;

    assert!(why.is_some());
    assert_eq!(asked(&shelf), 0);
}

/// Is it done after one step? Then it goes away.
async fn futures_poll_once<F: Future + Unpin>(mut future: F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut future).poll(context).is_ready())
    })
    .await
}
