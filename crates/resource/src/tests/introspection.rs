//! Tokens that say nothing: their issuer is asked.

use std::time::Duration;

use grantway_core::audit::Event;
use serde_json::{Value, json};

use super::{ISSUER, RESOURCE, Scene, bearer, judged, keys, refused, request, signed};
use crate::{Refusal, Require, TokenProof, TrustedIssuer};

fn active(scene: &Scene) -> Value {
    json!({"active": true, "aud": RESOURCE, "sub": "ada", "client_id": "app", "scope": "read",
        "exp": scene.now() + 300})
}

#[tokio::test]
async fn an_issuer_says_what_its_token_is_worth() {
    let scene = Scene::asking();
    scene.desk.says("opaque", active(&scene));

    let authorized = judged(&scene.resource(), &bearer("opaque")).await.unwrap();

    assert_eq!(authorized.issuer(), ISSUER);
    assert_eq!(authorized.subject(), Some("ada"));
    assert_eq!(authorized.scope().to_string(), "read");
    assert_eq!(authorized.claims()["active"], true);
}

#[tokio::test]
async fn what_it_says_is_judged_as_a_token_is() {
    let scene = Scene::asking();
    let now = scene.now();
    for (claim, value, why) in [
        ("active", json!(false), Refusal::Inactive),
        ("iss", json!("https://other-op.test"), Refusal::Issuer),
        ("aud", json!("https://other.test"), Refusal::Audience),
        ("aud", Value::Null, Refusal::Audience),
        ("exp", json!(now - 30), Refusal::Expired),
        ("nbf", json!(now + 31), Refusal::NotYetValid),
        ("iat", json!(now + 31), Refusal::IssuedInFuture),
        ("cnf", json!({"jkt": "AA"}), Refusal::BoundToKey),
        ("cnf", json!({"x5t#S256": "AA"}), Refusal::BoundToCertificate),
        ("nbf", json!("soon"), Refusal::Claim("nbf")),
    ] {
        let mut response = active(&scene);
        response[claim] = value.clone();
        scene.desk.says("opaque", response);
        assert_eq!(refused(&scene.resource(), "opaque").await, Some(why), "{claim}: {value}");
    }
}

#[tokio::test]
async fn an_answer_without_audience_will_do_only_where_that_was_agreed_on() {
    let mut scene = Scene::asking();
    scene.desk.says("opaque", json!({"active": true}));
    assert_eq!(refused(&scene.resource(), "opaque").await, Some(Refusal::Audience));

    let TokenProof::Introspection(rules) = &mut scene.parts.issuers[0].proof else { unreachable!() };
    rules.without_audience = true;

    let authorized = judged(&scene.resource(), &bearer("opaque")).await.unwrap();
    assert_eq!((authorized.subject(), authorized.client_id(), authorized.expires_at()), (None, None, None));
}

#[tokio::test]
async fn of_a_hundred_requests_at_once_one_asks() {
    let scene = Scene::asking();
    scene.desk.says("opaque", active(&scene));
    let resource = scene.resource();

    let all: Vec<_> = (0..100)
        .map(|_| {
            let resource = resource.clone();
            tokio::spawn(async move { refused(&resource, "opaque").await })
        })
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap(), None);
    }

    assert_eq!(scene.desk.asked(), 1);
}

#[tokio::test]
async fn whoever_waits_is_answered_though_the_one_who_asked_went_away() {
    let scene = Scene::asking();
    scene.desk.says("opaque", active(&scene));
    let resource = scene.resource();
    let gone = tokio::spawn({
        let resource = resource.clone();
        async move { refused(&resource, "opaque").await }
    });
    tokio::task::yield_now().await;
    assert_eq!(scene.desk.asked(), 1, "it has asked");
    gone.abort();

    assert_eq!(refused(&resource, "opaque").await, None);
    assert_eq!(scene.desk.asked(), 2);
}

#[tokio::test]
async fn a_revoked_token_is_refused_when_the_answer_is_too_old_to_be_believed() {
    let scene = Scene::asking();
    scene.desk.says("opaque", active(&scene));
    let resource = scene.resource();
    assert_eq!(refused(&resource, "opaque").await, None);
    scene.desk.says("opaque", json!({"active": false}));

    scene.later(29);
    assert_eq!(refused(&resource, "opaque").await, None);
    scene.later(1);
    assert_eq!(refused(&resource, "opaque").await, Some(Refusal::Inactive));
    assert_eq!(scene.desk.asked(), 2);
}

#[tokio::test]
async fn an_answer_is_not_believed_beyond_the_end_of_its_token() {
    let scene = Scene::asking();
    let mut response = active(&scene);
    response["exp"] = json!(scene.now() + 10);
    scene.desk.says("opaque", response);
    let resource = scene.resource();
    assert_eq!(refused(&resource, "opaque").await, None);
    scene.desk.says("opaque", json!({"active": false}));

    scene.later(9);
    assert_eq!(refused(&resource, "opaque").await, None);
    scene.later(1);
    assert_eq!(refused(&resource, "opaque").await, Some(Refusal::Inactive), "whatever the leeway is");
}

#[tokio::test]
async fn a_token_that_is_not_active_is_asked_about_again_soon() {
    let scene = Scene::asking();
    let resource = scene.resource();
    assert_eq!(refused(&resource, "opaque").await, Some(Refusal::Inactive));
    scene.desk.says("opaque", active(&scene));

    scene.later(4);
    assert_eq!(refused(&resource, "opaque").await, Some(Refusal::Inactive));
    assert_eq!(scene.desk.asked(), 1);
    scene.later(1);
    assert_eq!(refused(&resource, "opaque").await, None);
}

#[tokio::test]
async fn with_no_age_allowed_each_request_asks() {
    let mut scene = Scene::asking();
    let TokenProof::Introspection(rules) = &mut scene.parts.issuers[0].proof else { unreachable!() };
    rules.max_age = Duration::ZERO;
    scene.desk.says("opaque", active(&scene));
    let resource = scene.resource();

    assert_eq!(refused(&resource, "opaque").await, None);
    scene.desk.says("opaque", json!({"active": false}));
    assert_eq!(refused(&resource, "opaque").await, Some(Refusal::Inactive));
    scene.desk.says("opaque", active(&scene));
    assert_eq!(refused(&resource, "opaque").await, None);
    assert_eq!(scene.desk.asked(), 3);
}

#[tokio::test]
async fn while_nobody_answers_nobody_is_let_in_and_nothing_is_remembered() {
    let scene = Scene::asking();
    scene.desk.says("opaque", active(&scene));
    scene.desk.is_closed(true);
    let resource = scene.resource();
    let require = Require::token();
    let request = bearer("opaque");

    let (one, other) = tokio::join!(resource.admit(&request, &require), resource.admit(&request, &require));

    for answer in [one.unwrap_err(), other.unwrap_err()] {
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    assert_eq!(scene.desk.asked(), 1, "who waited is answered too");
    let [Event::Breakdown { part: "desk", detail }, _] = &scene.audit.events()[..] else {
        panic!("{:?}", scene.audit.events())
    };
    assert!(detail.contains("nobody is there") && !detail.contains("opaque"), "{detail}");
    scene.desk.is_closed(false);
    assert_eq!(refused(&resource, "opaque").await, None);
}

#[tokio::test]
async fn a_token_is_shown_to_no_issuer_but_its_own() {
    let scene = Scene::asking();
    let scene = scene.with(|parts| parts.issuers.push(TrustedIssuer::with_keys("https://b.test", keys("b"))));
    let resource = scene.resource();
    let mut claims = scene.claims();
    claims["iss"] = json!("https://b.test");

    assert_eq!(refused(&resource, &signed("b", &claims)).await, None);
    claims["iss"] = json!("https://stranger.test");
    assert_eq!(refused(&resource, &signed("b", &claims)).await, Some(Refusal::Issuer));
    assert_eq!(scene.desk.asked(), 0);
    let own = signed("whoever", &scene.claims());
    scene.desk.says(&own, active(&scene));
    assert_eq!(refused(&resource, &own).await, None, "a JWT of the issuer that is asked");
    assert_eq!(scene.desk.asked(), 1);
}

#[tokio::test]
async fn two_tokens_never_share_an_answer() {
    let scene = Scene::asking();
    scene.desk.says("good", active(&scene));
    let resource = scene.resource();

    assert_eq!(refused(&resource, "good").await, None);
    for other in ["goo", "good1", "Good"] {
        assert_eq!(refused(&resource, other).await, Some(Refusal::Inactive), "{other}");
    }
    let as_dpop = judged(&resource, &request(&[("authorization", "DPoP good")])).await;
    assert_eq!(as_dpop.err(), Some(Refusal::NotBound));
}
