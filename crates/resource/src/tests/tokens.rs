//! The rules of RFC 9068 section 4, and what is remembered of a token.

use std::time::Duration;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::JwsFault;
use grantway_core::secret::Secret;
use serde_json::{Value, json};

use super::{ISSUER, RESOURCE, Scene, bearer, judged, jws, keys, refused, request, required, signed};
use crate::{JwtProfile, Refusal, Require, TokenProof, TrustedIssuer};

#[tokio::test]
async fn a_good_token_says_who_may() {
    let scene = Scene::new();
    let token = scene.token_with("tenant", json!("t1"));

    let authorized = judged(&scene.resource(), &bearer(&token)).await.unwrap();

    assert_eq!(authorized.issuer(), ISSUER);
    assert_eq!(authorized.subject(), Some("ada"));
    assert_eq!(authorized.client_id().unwrap().as_str(), "app");
    assert_eq!(authorized.scope().to_string(), "read write");
    assert_eq!(authorized.expires_at().unwrap().unix(), scene.now() + 300);
    assert_eq!(authorized.claims()["tenant"], "t1");
    assert!(!format!("{authorized:?}").contains("t1"), "claims are nobody's but the handler's");
}

#[tokio::test]
async fn each_rule_refuses_by_its_name() {
    let scene = Scene::new();
    let now = scene.now();
    for (claim, value, why) in [
        ("aud", json!("https://other.test"), Refusal::Audience),
        ("aud", json!(["https://other.test", "https://api.test/"]), Refusal::Audience),
        ("aud", json!([]), Refusal::Audience),
        ("aud", json!(7), Refusal::Claim("aud")),
        ("aud", Value::Null, Refusal::Claim("aud")),
        ("exp", json!(now - 30), Refusal::Expired),
        ("exp", json!(f64::from(u32::MAX) * -1e10), Refusal::Expired),
        ("exp", json!("tomorrow"), Refusal::Claim("exp")),
        ("exp", Value::Null, Refusal::Claim("exp")),
        ("nbf", json!(now + 31), Refusal::NotYetValid),
        ("nbf", json!([]), Refusal::Claim("nbf")),
        ("iat", json!(now + 31), Refusal::IssuedInFuture),
        ("iat", Value::Null, Refusal::Claim("iat")),
        ("sub", Value::Null, Refusal::Claim("sub")),
        ("sub", json!(""), Refusal::Claim("sub")),
        ("sub", json!(["ada"]), Refusal::Claim("sub")),
        ("client_id", Value::Null, Refusal::Claim("client_id")),
        ("client_id", json!(" a"), Refusal::Claim("client_id")),
        ("jti", Value::Null, Refusal::Claim("jti")),
        ("scope", json!(["read"]), Refusal::Claim("scope")),
        ("scope", json!("re\"ad"), Refusal::Claim("scope")),
        ("cnf", json!({"x5t#S256": "AA"}), Refusal::BoundToCertificate),
        ("cnf", json!({"jkt": "AA", "x5t#S256": "AA"}), Refusal::BoundToCertificate),
        ("cnf", json!({"jkt": "AA"}), Refusal::BoundToKey),
        ("cnf", json!({"jkt": 7}), Refusal::BoundOtherwise),
        ("cnf", json!({"jkt": "AA", "kid": "1"}), Refusal::BoundOtherwise),
        ("cnf", json!({}), Refusal::BoundOtherwise),
        ("cnf", json!("AA"), Refusal::BoundOtherwise),
    ] {
        let token = scene.token_with(claim, value.clone());
        assert_eq!(refused(&scene.resource(), &token).await, Some(why), "{claim}: {value}");
    }
}

#[tokio::test]
async fn what_differs_without_meaning_anything_is_let_in() {
    let scene = Scene::new();
    let now = scene.now();
    for (claim, value) in [
        ("aud", json!(["https://other.test", RESOURCE])),
        ("exp", json!(now - 29)),
        ("exp", json!(f64::from(u32::MAX) * 1e10)),
        ("nbf", json!(now + 30)),
        ("nbf", Value::Null),
        ("iat", json!(now + 30)),
        ("iat", json!(0.5)),
        ("scope", Value::Null),
        ("cnf", Value::Null),
    ] {
        let token = scene.token_with(claim, value.clone());
        assert_eq!(refused(&scene.resource(), &token).await, None, "{claim}: {value}");
    }
}

#[tokio::test]
async fn a_token_is_over_when_it_says_so_and_the_clocks_may_differ_though_it_is_remembered() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), scene.token());

    assert_eq!(refused(&resource, &token).await, None);
    scene.later(329);
    assert_eq!(refused(&resource, &token).await, None);
    scene.later(1);
    assert_eq!(refused(&resource, &token).await, Some(Refusal::Expired));
}

#[tokio::test]
async fn a_header_that_promises_something_else_is_refused() {
    let scene = Scene::new();
    let resource = scene.resource();
    for (header, fault) in [
        (json!({"alg": "none", "typ": "at+jwt"}), JwsFault::Algorithm),
        (json!({"alg": "HS256", "typ": "at+jwt"}), JwsFault::Algorithm),
        (json!({"alg": "ES256"}), JwsFault::Type),
        (json!({"alg": "ES256", "typ": "JWT"}), JwsFault::Type),
        (json!({"alg": "ES256", "typ": "dpop+jwt"}), JwsFault::Type),
    ] {
        let token = jws("own", &header, &scene.claims());
        assert_eq!(refused(&resource, &token).await, Some(Refusal::Jws(fault)), "{header}");
    }
}

#[tokio::test]
async fn an_id_token_is_no_access_token_even_where_types_are_not_told_apart() {
    let mut scene = Scene::new();
    let TokenProof::Signature(rules) = &mut scene.parts.issuers[0].proof else { unreachable!() };
    rules.profile = JwtProfile::Plain;
    let resource = scene.resource();
    let untyped = json!({"alg": "ES256"});
    let mut plain = scene.claims();
    for absent in ["client_id", "jti", "iat", "scope"] {
        plain.as_object_mut().unwrap().remove(absent);
    }
    plain["azp"] = json!("app");
    let id_token = jws("own", &json!({"alg": "ES256", "typ": "JWT"}), &plain);
    plain["scp"] = json!(["read", "write"]);
    let access_token = jws("own", &untyped, &plain);
    plain["nonce"] = json!("n");
    let with_nonce = jws("own", &untyped, &plain);

    assert_eq!(refused(&resource, &id_token).await, Some(Refusal::IdToken));
    assert_eq!(refused(&resource, &with_nonce).await, Some(Refusal::IdToken));
    let authorized = judged(&resource, &bearer(&access_token)).await.unwrap();
    assert_eq!(authorized.client_id().unwrap().as_str(), "app");
    assert_eq!(authorized.scope().to_string(), "read write");
    assert_eq!(refused(&resource, &scene.token()).await, None, "and a token that knows the rules is good");
}

#[tokio::test]
async fn of_several_issuers_the_tokens_own_is_chosen_and_another_ones_key_of_the_same_name_is_not_believed() {
    let other = "https://other-op.test";
    let scene = Scene::trusting(vec![
        TrustedIssuer::with_keys(ISSUER, keys("own")),
        TrustedIssuer::with_keys(other, keys("other")).for_audience("urn:orders"),
    ]);
    let resource = scene.resource();
    let mut claims = scene.claims();
    claims["iss"] = json!(other);
    claims["aud"] = json!("urn:orders");

    let authorized = judged(&resource, &bearer(&signed("other", &claims))).await.unwrap();
    assert_eq!(authorized.issuer(), other);
    assert_eq!(refused(&resource, &signed("own", &scene.claims())).await, None);
    let signature = Some(Refusal::Jws(JwsFault::Signature));
    assert_eq!(refused(&resource, &signed("own", &claims)).await, signature);
    assert_eq!(refused(&resource, &signed("other", &scene.claims())).await, signature);
}

#[tokio::test]
async fn a_token_is_never_good_for_the_audience_of_another_issuers_tokens() {
    let other = "https://other-op.test";
    let scene = Scene::trusting(vec![
        TrustedIssuer::with_keys(ISSUER, keys("own")).for_audience("urn:a"),
        TrustedIssuer::with_keys(other, keys("other")).for_audience("urn:b"),
    ]);
    let resource = scene.resource();
    let for_b = scene.token_with("aud", json!("urn:b"));
    let for_a = scene.token_with("aud", json!("urn:a"));

    assert_eq!(refused(&resource, &for_b).await, Some(Refusal::Audience));
    assert_eq!(refused(&resource, &for_b).await, Some(Refusal::Audience), "remembered as well");
    assert_eq!(refused(&resource, &for_a).await, None);
    let at_b = Require::token().audience("urn:b");
    let asked = scene.verifier.asked();
    assert_eq!(required(&resource, &bearer(&for_a), &at_b).await.err(), Some(Refusal::Audience));
    assert_eq!(scene.verifier.asked(), asked, "that was judged of what is remembered");
}

#[tokio::test]
async fn an_issuer_that_is_not_trusted_is_refused_before_any_key_is_looked_for() {
    let scene = Scene::new();
    let resource = scene.resource();
    for iss in ["https://op.test/", "https://OP.test", "http://op.test", "https://op.test.evil.test", ""] {
        let token = scene.token_with("iss", json!(iss));
        assert_eq!(refused(&resource, &token).await, Some(Refusal::Issuer), "{iss}");
    }
    for not_jwt in ["opaque", "a.b", "a.b.c", "a.b.c.d", "a.e30.c", "a.eyJpc3MiOjF9.c"] {
        assert_eq!(refused(&resource, not_jwt).await, Some(Refusal::NotJwt), "{not_jwt}");
    }
    assert_eq!(scene.verifier.asked(), 0);
}

#[tokio::test]
async fn an_issuer_named_twice_in_one_token_is_read_alike_by_all_or_refused() {
    let scene = Scene::new();
    let claims = scene.claims().to_string().replacen('{', "{\"iss\":\"https://evil.test\",", 1);
    let token = format!(
        "{}.{}.{}",
        grantway_core::base64url::encode(r#"{"alg":"ES256","typ":"at+jwt"}"#),
        grantway_core::base64url::encode(claims),
        grantway_core::base64url::encode("own"),
    );

    assert_eq!(refused(&scene.resource(), &token).await, Some(Refusal::NotJwt));
}

#[tokio::test]
async fn a_token_that_is_too_long_is_not_looked_at() {
    let scene = Scene::new();
    let token = scene.token_with("padding", json!("x".repeat(6_200)));
    assert!(token.len() > 8 * 1024);

    assert_eq!(refused(&scene.resource(), &token).await, Some(Refusal::TooLong));
    assert_eq!(scene.verifier.asked(), 0);
}

#[tokio::test]
async fn a_signature_is_checked_once_while_it_is_remembered_and_a_withdrawn_key_is_noticed() {
    let uri = "https://op.test/jwks";
    let scene = Scene::trusting(vec![TrustedIssuer::with_keys_at(ISSUER, uri.parse().unwrap())]);
    scene.verifier.publishes(uri, "own");
    let resource = scene.resource();
    let token = scene.token_with("exp", json!(scene.now() + 3600));

    for _ in 0..3 {
        assert_eq!(refused(&resource, &token).await, None);
    }
    assert_eq!(scene.verifier.asked(), 1);
    scene.verifier.publishes(uri, "next");
    scene.later(300);
    assert_eq!(refused(&resource, &token).await, Some(Refusal::Jws(JwsFault::Signature)));
    scene.verifier.publishes(uri, "own");
    assert_eq!(refused(&resource, &token).await, None, "what is refused is not remembered");
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_breakdown_and_not_the_clients_fault() {
    let uri = "https://op.test/jwks".parse().unwrap();
    let scene = Scene::trusting(vec![TrustedIssuer::with_keys_at(ISSUER, uri)]);

    let answer = scene.resource().admit(&bearer(&scene.token()), &Require::token()).await.unwrap_err();

    assert_eq!(answer.status(), 503);
    assert!(answer.headers().get("www-authenticate").is_none());
}

#[tokio::test]
async fn a_shared_secret_is_believed_only_where_one_was_agreed_on() {
    let secret = Secret::new("own");
    let shared = TrustedIssuer::with_secret(ISSUER, secret, JwsAlgorithm::HS256);
    let scene = Scene::trusting(vec![shared]);
    let header = |alg: &str| json!({"alg": alg, "typ": "at+jwt"});

    assert_eq!(refused(&scene.resource(), &jws("own", &header("HS256"), &scene.claims())).await, None);
    let other = refused(&scene.resource(), &jws("own", &header("ES256"), &scene.claims())).await;
    assert_eq!(other, Some(Refusal::Jws(JwsFault::Algorithm)));
}

#[tokio::test]
async fn one_token_in_the_header_is_the_only_way() {
    let scene = Scene::new();
    let (resource, token) = (scene.resource(), scene.token());
    let bearer_header = format!("Bearer {token}");
    for (headers, why) in [
        (&[][..], Refusal::NoToken),
        (&[("authorization", "Basic YTpi")], Refusal::NoToken),
        (&[("authorization", "Bearer")], Refusal::Header),
        (&[("authorization", "Bearer a b")], Refusal::Header),
        (&[("authorization", &bearer_header), ("authorization", &bearer_header)], Refusal::Header),
        (&[("authorization", "DPoP a"), ("authorization", &bearer_header)], Refusal::Header),
    ] {
        assert_eq!(judged(&resource, &request(headers)).await.err(), Some(why), "{headers:?}");
    }
    let mut in_address = bearer(&token);
    in_address.uri = format!("/orders?a=b&access_token={token}").parse().unwrap();
    assert_eq!(judged(&resource, &in_address).await.err(), Some(Refusal::InAddress));
    in_address.headers.clear();
    assert_eq!(judged(&resource, &in_address).await.err(), Some(Refusal::InAddress));
}

#[tokio::test]
async fn a_route_asks_for_scope_and_for_a_sign_in_that_is_sure_and_recent() {
    let scene = Scene::new();
    let resource = scene.resource();
    let token = scene.token_with("acr", json!("phr"));
    let mut claims = scene.claims();
    claims["acr"] = json!("phr");
    claims["auth_time"] = json!(scene.now() - 60);
    let signed_in = signed("own", &claims);
    let minute = Duration::from_secs(60);
    let scope = |all: &str| Require::scope(all).unwrap();
    for (token, require, why) in [
        (&token, scope("read"), None),
        (&token, scope("write read"), None),
        (&token, scope("read admin"), Some(Refusal::Scope)),
        (&token, scope("admin").or_scope("read").unwrap(), None),
        (&token, scope("admin").or_scope("root").unwrap(), Some(Refusal::Scope)),
        (&token, Require::token(), None),
        (&token, Require::token().acr_values(["phrh", "phr"]), None),
        (&token, Require::token().acr_values(["phrh"]), Some(Refusal::Authentication)),
        (&token, Require::token().max_age(minute), Some(Refusal::Authentication)),
        (&signed_in, Require::token().max_age(minute), None),
        (&signed_in, Require::token().max_age(Duration::from_secs(59)), Some(Refusal::Authentication)),
        (&token, Require::token().audience(RESOURCE), None),
        (&token, Require::token().proof_of_possession(), Some(Refusal::ProofRequired)),
        (&token, scope("admin").acr_values(["phrh"]), Some(Refusal::Scope)),
    ] {
        let judged = required(&resource, &bearer(token), &require).await;
        assert_eq!(judged.err(), why, "{require:?}");
    }
}
