use grantway_core::client::{ClientAuthentication, ClientKeys};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Clock;
use grantway_core::testing::SeededEntropy;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{Answer, ISSUER, World, assertive};
use http::Method;
use serde_json::json;

/// One key for each algorithm that the metadata offers; RSA keys take long to make, so there is one.
fn keys(algorithms: &[JwsAlgorithm]) -> Vec<SigningKey> {
    let entropy = SeededEntropy::new(7);
    let rsa = PrivateKey::generate(KeyKind::Rsa, &entropy).unwrap();
    let key = |algorithm: &JwsAlgorithm| match KeyKind::of(*algorithm) {
        Some(KeyKind::Rsa) => SigningKey::new(&rsa, *algorithm).unwrap(),
        _ => SigningKey::generate(*algorithm, &entropy).unwrap(),
    };
    algorithms.iter().map(key).collect()
}

async fn declare(world: &World, keys: &[SigningKey]) {
    let jwks = JwkSet { keys: keys.iter().map(|key| key.public_jwk().clone()).collect() };
    let algorithms = keys.iter().map(SigningKey::algorithm).collect();
    let authentication = ClientAuthentication::PrivateKeyJwt { keys: ClientKeys::Jwks(jwks), algorithms };
    world.declare(assertive(authentication)).await;
}

async fn present(world: &World, key: &SigningKey) -> Answer {
    let claims = json!({
        "iss": "assertive", "sub": "assertive", "aud": ISSUER,
        "jti": key.algorithm().as_str(), "exp": world.clock.now().unix() + 60,
    });
    let assertion = key.sign(TokenType::Jwt, claims.to_string().as_bytes()).unwrap();
    world.assert(assertion.expose()).await
}

#[tokio::test]
async fn an_assertion_may_be_signed_by_every_algorithm_with_key_pairs_that_the_metadata_offers() {
    let world = World::new().await;
    let metadata = world.fetch(Method::GET, "/.well-known/openid-configuration").await.json();
    let offered = metadata["token_endpoint_auth_signing_alg_values_supported"].clone();
    let offered: Vec<JwsAlgorithm> = serde_json::from_value(offered).unwrap();
    assert_eq!(offered, JwsAlgorithm::ALL);
    let keys = keys(&JwsAlgorithm::ASYMMETRIC);
    declare(&world, &keys).await;

    for key in &keys {
        let answer = present(&world, key).await;

        assert_eq!(answer.status, 200, "{}: {}", key.algorithm(), answer.text());
    }
}

#[tokio::test]
async fn a_key_that_was_not_registered_proves_nothing() {
    let world = World::new().await;
    let keys = keys(&[JwsAlgorithm::ES256, JwsAlgorithm::EdDSA]);
    declare(&world, &keys[..1]).await;

    let answer = present(&world, &keys[1]).await;

    assert_eq!((answer.status.as_u16(), answer.error().as_str()), (401, "invalid_client"));
}
