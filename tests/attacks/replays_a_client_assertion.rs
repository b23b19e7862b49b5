use std::sync::Arc;

use grantway_core::client::{ClientAuthentication, ClientKeys};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Clock, Signer, ToSign};
use grantway_tests::{Answer, ISSUER, World, assertive};
use serde_json::{Value, json};

/// An application that proves itself with a key of its own: here, for want of another, the world's.
async fn declare(world: &World) {
    let jwks: JwkSet = (*world.keyring.published().await.unwrap()).clone();
    let authentication = ClientAuthentication::PrivateKeyJwt {
        keys: ClientKeys::Jwks(jwks),
        algorithms: vec![JwsAlgorithm::ES256],
    };
    world.declare(assertive(authentication)).await;
}

fn claims(world: &World) -> Value {
    let now = world.clock.now().unix();
    json!({
        "iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": "one",
        "iat": now, "exp": now + 60,
    })
}

async fn present(world: &World, claims: &Value, algorithm: JwsAlgorithm) -> Answer {
    let signer: Arc<dyn Signer> = world.keyring.clone();
    let bytes = claims.to_string();
    let to_sign = ToSign { algorithm, typ: TokenType::Jwt, claims: bytes.as_bytes() };
    let assertion = signer.sign(to_sign).await.unwrap();
    world.assert(assertion.expose()).await
}

#[tokio::test]
async fn an_assertion_is_good_once() {
    let world = World::new().await;
    declare(&world).await;

    let first = present(&world, &claims(&world), JwsAlgorithm::ES256).await;
    let replay = present(&world, &claims(&world), JwsAlgorithm::ES256).await;

    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!((replay.status.as_u16(), replay.error().as_str()), (401, "invalid_client"));
}

#[tokio::test]
async fn an_assertion_for_somebody_else_or_another_time_is_refused() {
    let world = World::new().await;
    declare(&world).await;
    let now = world.clock.now().unix();
    for (member, value) in [
        ("iss", json!("other")),
        ("sub", json!("other")),
        ("aud", json!("https://another.test")),
        ("aud", json!([ISSUER, "https://another.test"])),
        ("aud", json!([])),
        ("aud", Value::Null),
        ("exp", json!(now - 60)),
        ("exp", json!(now + 365 * 24 * 60 * 60)),
        ("exp", Value::Null),
        ("exp", json!("soon")),
        ("iat", json!(now + 600)),
        ("nbf", json!(now + 600)),
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!("x".repeat(5000))),
    ] {
        let mut claims = claims(&world);
        claims[member] = value.clone();

        let answer = present(&world, &claims, JwsAlgorithm::ES256).await;

        assert_eq!(answer.error(), "invalid_client", "{member} {value}");
    }
    let other_algorithm = present(&world, &claims(&world), JwsAlgorithm::RS256).await;
    assert_eq!(other_algorithm.error(), "invalid_client", "RS256 is not registered");
}

#[tokio::test]
async fn every_address_of_ours_will_do_as_audience() {
    for aud in [json!(ISSUER), json!(format!("{ISSUER}/oauth/token")), json!([ISSUER])] {
        let world = World::new().await;
        declare(&world).await;
        let mut claims = claims(&world);
        claims["aud"] = aud.clone();

        assert_eq!(present(&world, &claims, JwsAlgorithm::ES256).await.status, 200, "{aud}");
    }
}
