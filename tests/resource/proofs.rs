//! Proofs of possession with real keys.

use std::sync::Arc;

use axum::Router;
use grantway_core::dpop::access_token_hash;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Clock;
use grantway_core::testing::{FixedClock, RecordedAudit, SeededEntropy};
use grantway_jose::signing_key::SigningKey;
use grantway_resource::TrustedIssuer;
use grantway_tests::Answer;
use http::Request;
use serde_json::json;

use super::{Inside, ask, claims, key, orders, resource_of, send, signed};

fn api(clock: &Arc<FixedClock>) -> Router {
    let keys = grantway_core::jwk::JwkSet { keys: vec![key(1).public_jwk().clone()] };
    let issuer = TrustedIssuer::with_keys("https://op.test", keys);
    let nobody = Arc::new(Inside(Router::new()));
    orders(&resource_of(vec![issuer], nobody, clock.clone(), Arc::new(RecordedAudit::default())))
}

fn bound_to(holder: &SigningKey, clock: &FixedClock) -> String {
    let mut claims = claims("https://op.test", clock.now().unix());
    claims["cnf"] = json!({"jkt": holder.public_jwk().thumbprint()});
    signed(&key(1), &claims)
}

async fn present(api: &Router, token: &str, proof: &str) -> Answer {
    let request = Request::get("/orders").header("authorization", format!("DPoP {token}"));
    send(api, request.header("dpop", proof)).await
}

#[tokio::test]
async fn a_token_is_good_in_the_hands_of_whoever_holds_its_key_by_each_algorithm() {
    let clock = Arc::new(FixedClock::default());
    let api = api(&clock);
    for algorithm in JwsAlgorithm::ASYMMETRIC {
        let [holder, thief] =
            [1, 2].map(|seed| SigningKey::generate(algorithm, &SeededEntropy::new(seed)).unwrap());
        let token = bound_to(&holder, &clock);
        let proof = |key: &SigningKey, token: &str| {
            let proof = json!({
                "jti": algorithm.as_str(), "htm": "GET", "htu": "https://api.test/orders",
                "iat": clock.now(), "ath": access_token_hash(token),
            });
            key.sign(TokenType::DpopProof, proof.to_string().as_bytes()).unwrap().expose().to_owned()
        };
        let good = proof(&holder, &token);
        let (head, signature) = good.rsplit_once('.').unwrap();
        let changed = format!("{head}.{}", signature.chars().rev().collect::<String>());

        assert_eq!(ask(&api, &token).await.status, 401, "{algorithm}: without a proof");
        assert_eq!(present(&api, &token, &proof(&thief, &token)).await.status, 401, "{algorithm}: a thief");
        assert_eq!(present(&api, &token, &changed).await.status, 401, "{algorithm}: another signature");
        assert_eq!(present(&api, &token, &proof(&holder, "x")).await.status, 401, "{algorithm}: no ath");
        assert_eq!(present(&api, &token, &good).await.status, 200, "{algorithm}");
        let again = present(&api, &token, &good).await;
        assert_eq!(again.status, 401, "{algorithm}: a second time");
        let challenge = again.header("www-authenticate");
        assert!(challenge.starts_with("DPoP ") && challenge.contains("invalid_dpop_proof"), "{challenge}");
    }
}
