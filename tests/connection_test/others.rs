//! Providers that nobody here wrote, and our own, by both ways to prove who one is.

use grantway_core::jwk::Jwk;
use grantway_core::jws::JwsAlgorithm;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;

use super::*;
use crate::client::node::against_oidc_provider::{Provider, declared};
use crate::client::registered::SECRET;
use crate::interop::served::Served;

/// A private key as the settings have it, and its public half.
fn key(kind: KeyKind) -> (Value, Jwk) {
    let key = PrivateKey::generate(kind, &RingEntropy::new().unwrap()).unwrap();
    let mut private: Value = serde_json::from_str(key.to_jwk().expose()).unwrap();
    private["kid"] = json!("one");
    let public = Jwk { kid: Some("one".to_owned()), ..key.public().to_jwk() };
    (private, public)
}

fn asserted(url: &str, client_id: &str, (key, algorithm): (&Value, JwsAlgorithm)) -> Value {
    json!({
        "url": url,
        "client_id": client_id,
        "authentication_type": "client_assertion",
        "signing_key": key,
        "signing_algorithm": algorithm.as_str(),
        "issuer": client_id,
        "subject": client_id,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_oidc_provider_gives_its_token_by_each_way() {
    let signed = [
        (KeyKind::P256, JwsAlgorithm::ES256),
        (KeyKind::P384, JwsAlgorithm::ES384),
        (KeyKind::P521, JwsAlgorithm::ES512),
        (KeyKind::Rsa, JwsAlgorithm::PS256),
        (KeyKind::Rsa, JwsAlgorithm::RS512),
    ]
    .map(|(kind, algorithm)| (key(kind), algorithm));
    let mut clients = vec![
        declared("post", &json!({"token_endpoint_auth_method": "client_secret_post"})),
        declared("basic", &json!({"token_endpoint_auth_method": "client_secret_basic"})),
    ];
    clients.extend(signed.iter().map(|((_, public), algorithm)| {
        let mut client = declared(
            algorithm.as_str(),
            &json!({
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": algorithm.as_str(),
                "jwks": {"keys": [public]},
            }),
        );
        client.as_object_mut().unwrap().remove("client_secret");
        client
    }));
    let provider = Provider::with(&clients);
    let desk = Desk::open_now(&settings_in_peace()).await;
    let url = format!("{}/token", provider.served.issuer());
    let by_secret = |client_id: &str, kind: &str| json!({"url": url, "client_id": client_id, "client_secret": SECRET, "authentication_type": kind});

    let mut tests = vec![by_secret("post", "shared_secret"), by_secret("basic", "shared_secret_basic")];
    tests.extend(
        signed
            .iter()
            .map(|((private, _), algorithm)| asserted(&url, algorithm.as_str(), (private, *algorithm))),
    );
    for test in tests {
        let answer = desk.test(test.clone()).await;
        assert_eq!(answer["data"]["success"], true, "{test}: {answer}\n{}", provider.served.said());
        assert_eq!(answer["diagnostics"]["tolerances"], json!([]), "{answer}");
    }
    let wrong = with(by_secret("basic", "shared_secret_basic"), &json!({"client_secret": "another"}));
    let wrong = desk.test(wrong).await;
    assert_eq!(wrong["diagnostics"]["provider"]["error"], "invalid_client", "{wrong}");
    assert_eq!(wrong["diagnostics"]["finding"]["id"], "client_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_server_gives_its_token_by_an_assertion() {
    let (private, public) = key(KeyKind::P256);
    let served = Served::configured(&format!(
        "[[application]]\nclient_id = \"signing\"\ngrant_types = [\"client_credentials\"]\n\
         [[application.jwks.keys]]\nkid = \"one\"\nkty = \"EC\"\ncrv = \"P-256\"\nx = {:?}\ny = {:?}\n",
        public.text("x").unwrap(),
        public.text("y").unwrap(),
    ));
    let desk = Desk::open_now(&settings_in_peace()).await;
    let url = format!("{}/oauth/token", served.issuer());

    let answer = desk.test(asserted(&url, "signing", (&private, JwsAlgorithm::ES256))).await;
    let other = desk.test(asserted(&url, "signing", (&key(KeyKind::P256).0, JwsAlgorithm::ES256))).await;

    assert_eq!(answer["data"]["success"], true, "{answer}\n{}", served.said());
    assert_eq!(other["diagnostics"]["finding"]["id"], "assertion_refused", "{other}");
}
