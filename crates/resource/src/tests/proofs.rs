//! Proofs of possession, by the checks of RFC 9449 section 4.3.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::dpop::access_token_hash;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::JwsFault;
use http::Method;
use http::request::Parts;
use serde_json::{Value, json};

use super::{Scene, bearer, challenges, judged, jwk, jws, request, required, values};
use crate::{DpopNonces, ProofFault, ProofMemory, Refusal, Require, Resource, Scheme};

/// A token that is bound to the key `holder`.
fn bound(scene: &Scene) -> String {
    scene.token_with("cnf", json!({"jkt": jwk("holder").thumbprint().unwrap()}))
}

fn header() -> Value {
    json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk("holder")})
}

fn claims(scene: &Scene, token: &str) -> Value {
    json!({
        "jti": "p1", "htm": "GET", "htu": "https://api.test/orders", "iat": scene.now(),
        "ath": access_token_hash(token),
    })
}

fn with_proof(token: &str, proof: &str) -> Parts {
    request(&[("authorization", &format!("DPoP {token}")), ("dpop", proof)])
}

/// By what its proof is refused, if it is.
async fn fault(resource: &Resource, request: &Parts) -> Option<ProofFault> {
    match judged(resource, request).await {
        Ok(_) => None,
        Err(Refusal::Proof(fault)) => Some(fault),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn whoever_holds_the_key_is_let_in_and_its_proof_is_good_once() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), bound(&scene));
    let request = with_proof(&token, &jws("holder", &header(), &claims(&scene, &token)));

    let authorized = judged(&resource, &request).await.unwrap();
    let again = fault(&resource, &request).await;

    assert_eq!(authorized.scheme(), Scheme::Dpop);
    assert_eq!(again, Some(ProofFault::Replayed));
    let mut next = claims(&scene, &token);
    next["jti"] = json!("p2");
    assert!(judged(&resource, &with_proof(&token, &jws("holder", &header(), &next))).await.is_ok());
    assert_eq!(scene.verifier.asked(), 1, "the token is remembered, and no proof is");
}

#[tokio::test]
async fn a_token_that_is_bound_is_no_bearer_token_and_the_other_way_round() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), bound(&scene));
    assert_eq!(judged(&resource, &bearer(&token)).await.err(), Some(Refusal::BoundToKey));

    let mut downgraded = with_proof(&token, &jws("holder", &header(), &claims(&scene, &token)));
    downgraded.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(judged(&resource, &downgraded).await.err(), Some(Refusal::BoundToKey), "with a proof too");

    let free = scene.token();
    let request = with_proof(&free, &jws("holder", &header(), &claims(&scene, &free)));
    assert_eq!(judged(&resource, &request).await.err(), Some(Refusal::NotBound));
}

#[tokio::test]
async fn each_check_of_a_proof_refuses_by_its_name_and_uses_nothing_up() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), bound(&scene));
    let now = scene.now();
    let with_header = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        jws("holder", &header, &claims(&scene, &token))
    };
    let with_claim = |name: &str, value: Value| {
        let mut claims = claims(&scene, &token);
        claims[name] = value;
        jws("holder", &header(), &claims)
    };
    let mut private = serde_json::to_value(jwk("holder")).unwrap();
    private["d"] = json!("AA");
    let long = with_claim("padding", json!("x".repeat(4096)));
    for (what, proof, why) in [
        ("typ", with_header("typ", json!("JWT")), ProofFault::Jws(JwsFault::Type)),
        ("alg none", with_header("alg", json!("none")), ProofFault::Jws(JwsFault::Algorithm)),
        ("alg HS256", with_header("alg", json!("HS256")), ProofFault::Jws(JwsFault::Algorithm)),
        ("no jwk", with_header("jwk", Value::Null), ProofFault::Malformed),
        ("a private jwk", with_header("jwk", private), ProofFault::Malformed),
        ("an odd jwk", with_header("jwk", json!({"kty": "AKP"})), ProofFault::OtherKey),
        ("another key", with_header("jwk", json!(jwk("thief"))), ProofFault::OtherKey),
        (
            "another signature",
            jws("thief", &header(), &claims(&scene, &token)),
            ProofFault::Jws(JwsFault::Signature),
        ),
        ("no jti", with_claim("jti", Value::Null), ProofFault::Malformed),
        ("htm", with_claim("htm", json!("POST")), ProofFault::Method),
        ("htm in small letters", with_claim("htm", json!("get")), ProofFault::Method),
        ("no htm", with_claim("htm", Value::Null), ProofFault::Malformed),
        ("another path", with_claim("htu", json!("https://api.test/order")), ProofFault::Target),
        ("another host", with_claim("htu", json!("https://evil.test/orders")), ProofFault::Target),
        ("another scheme", with_claim("htu", json!("http://api.test/orders")), ProofFault::Target),
        ("another port", with_claim("htu", json!("https://api.test:8443/orders")), ProofFault::Target),
        ("no address", with_claim("htu", json!("/orders")), ProofFault::Target),
        ("htu no text", with_claim("htu", json!(["https://api.test/orders"])), ProofFault::Malformed),
        ("ath", with_claim("ath", json!(access_token_hash("other"))), ProofFault::Token),
        ("no ath", with_claim("ath", Value::Null), ProofFault::Token),
        ("old", with_claim("iat", json!(now - 90)), ProofFault::Old),
        ("early", with_claim("iat", json!(now + 31)), ProofFault::Early),
        ("no iat", with_claim("iat", Value::Null), ProofFault::Malformed),
        ("too long", long, ProofFault::Malformed),
        ("nothing", String::new(), ProofFault::Malformed),
        ("a word", "proof".to_owned(), ProofFault::Malformed),
    ] {
        assert_eq!(fault(&resource, &with_proof(&token, &proof)).await, Some(why), "{what}");
    }
    let good = jws("holder", &header(), &claims(&scene, &token));
    let mut none = with_proof(&token, &good);
    none.headers.remove("dpop");
    assert_eq!(fault(&resource, &none).await, Some(ProofFault::Missing));
    let mut twice = with_proof(&token, &good);
    twice.headers.append("dpop", good.parse().unwrap());
    assert_eq!(fault(&resource, &twice).await, Some(ProofFault::Twice));
    let mut posted = with_proof(&token, &good);
    posted.method = Method::POST;
    assert_eq!(fault(&resource, &posted).await, Some(ProofFault::Method));

    assert!(judged(&resource, &with_proof(&token, &good)).await.is_ok(), "its jti is as good as new");
}

#[tokio::test]
async fn an_address_may_be_spelt_in_any_way_that_means_the_same_and_the_host_header_decides_nothing() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), bound(&scene));
    let spelt = [
        "https://api.test:443/orders",
        "HTTPS://API.test/orders",
        "https://api.test/orders?page=3#x",
        "https://api.test/./orders",
    ];
    for (jti, htu) in spelt.into_iter().enumerate() {
        let mut claims = claims(&scene, &token);
        claims["jti"] = json!(jti.to_string());
        claims["htu"] = json!(htu);
        claims["more"] = json!("is ignored");
        let mut request = with_proof(&token, &jws("holder", &header(), &claims));
        request.headers.insert("host", "evil.test".parse().unwrap());
        assert_eq!(judged(&resource, &request).await.err(), None, "{htu}");
    }
    let behind = scene.with(|parts| parts.base_url = "https://gateway.test/api".to_owned());
    let mut claims = claims(&behind, &token);
    claims["htu"] = json!("https://gateway.test/api/orders");
    let request = with_proof(&token, &jws("holder", &header(), &claims));
    assert_eq!(judged(&behind.resource(), &request).await.err(), None, "a gateway took a prefix away");
}

#[tokio::test]
async fn a_proof_lasts_a_minute_and_a_little_and_is_remembered_as_long() {
    let scene = Scene::new();
    let token = scene.token_with("exp", json!(scene.now() + 3600));
    let mut claims_of_token = scene.claims();
    claims_of_token["exp"] = json!(scene.now() + 3600);
    claims_of_token["cnf"] = json!({"jkt": jwk("holder").thumbprint().unwrap()});
    let bound = super::signed("own", &claims_of_token);
    assert_ne!(token, bound);
    let resource = scene.resource();
    let request = with_proof(&bound, &jws("holder", &header(), &claims(&scene, &bound)));

    assert_eq!(judged(&resource, &request).await.err(), None);
    scene.later(89);
    assert_eq!(fault(&resource, &request).await, Some(ProofFault::Replayed));
    scene.later(1);
    assert_eq!(fault(&resource, &request).await, Some(ProofFault::Old));
}

#[tokio::test]
async fn a_memory_that_is_full_lets_nobody_in() {
    let scene = Scene::new();
    let memory = Arc::new(ProofMemory::of(1, scene.clock.clone()));
    let scene = scene.with(|parts| parts.replays = memory);
    let (resource, token) = (scene.resource(), bound(&scene));
    let proof = |jti: &str| {
        let mut claims = claims(&scene, &token);
        claims["jti"] = json!(jti);
        with_proof(&token, &jws("holder", &header(), &claims))
    };
    assert!(judged(&resource, &proof("1")).await.is_ok());

    let answer = resource.admit(&proof("2"), &Require::token()).await.unwrap_err();

    assert_eq!(answer.status(), 503);
}

#[tokio::test]
async fn a_nonce_is_asked_for_given_and_changed_in_good_time() {
    let nonces = DpopNonces::new([7; 32], Duration::from_secs(120));
    assert_eq!(format!("{nonces:?}"), "DpopNonces { lifetime: 120s, .. }");
    let scene = Scene::new().with(|parts| parts.dpop.nonces = Some(nonces));
    let (resource, token) = (scene.resource(), bound(&scene));
    let proof = |jti: &str, nonce: Option<&str>| {
        let mut claims = claims(&scene, &token);
        claims["jti"] = json!(jti);
        claims["nonce"] = json!(nonce);
        with_proof(&token, &jws("holder", &header(), &claims))
    };

    let first = resource.admit(&proof("1", None), &Require::token()).await.unwrap_err();
    let nonce = values(first.headers(), "dpop-nonce")[0].to_owned();

    assert_eq!(first.status(), 401);
    let [challenge] = challenges(&first)[..] else { panic!("{:?}", challenges(&first)) };
    assert!(challenge.starts_with("DPoP "), "{challenge}");
    assert!(challenge.contains("error=\"use_dpop_nonce\""), "{challenge}");
    let good = judged(&resource, &proof("1", Some(&nonce))).await.unwrap();
    assert_eq!(good.next_nonce, None, "its jti was not used up by the question");
    let guessed = fault(&resource, &proof("2", Some("guessed"))).await;
    assert_eq!(guessed, Some(ProofFault::Nonce));
    scene.later(120);
    let next = judged(&resource, &proof("3", Some(&nonce))).await.unwrap().next_nonce.unwrap();
    assert!(judged(&resource, &proof("4", Some(&next))).await.unwrap().next_nonce.is_none());
    scene.later(120);
    assert_eq!(fault(&resource, &proof("5", Some(&nonce))).await, Some(ProofFault::Nonce));
}

#[tokio::test]
async fn proofs_can_be_required_everywhere_or_by_a_route_and_their_algorithms_chosen() {
    let scene = Scene::new().with(|parts| parts.dpop.required = true);
    let token = scene.token();
    assert_eq!(judged(&scene.resource(), &bearer(&token)).await.err(), Some(Refusal::ProofRequired));

    let scene = Scene::new().with(|parts| parts.dpop.algorithms = vec![JwsAlgorithm::EdDSA]);
    let token = bound(&scene);
    let request = with_proof(&token, &jws("holder", &header(), &claims(&scene, &token)));
    let refused = fault(&scene.resource(), &request).await;
    assert_eq!(refused, Some(ProofFault::Jws(JwsFault::Algorithm)));

    let scene = Scene::new();
    let token = bound(&scene);
    let request = with_proof(&token, &jws("holder", &header(), &claims(&scene, &token)));
    let require = Require::token().proof_of_possession();
    assert!(required(&scene.resource(), &request, &require).await.is_ok());
}
