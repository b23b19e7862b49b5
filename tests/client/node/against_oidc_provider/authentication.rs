use std::sync::Arc;

use grantway_client::{Authentication, Registration};
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::Signer;
use grantway_core::secret::Secret;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::hmac::SharedSecret;
use grantway_jose::signing_key::SigningKey;
use serde_json::{Value, json};

use super::{Provider, declared, scope, secret, signs_in, wish};

/// Every way to prove who one is that both know: what is declared, and what the client does.
fn ways() -> Vec<(Value, Registration)> {
    let mut ways: Vec<_> = [
        ("client_secret_basic", Authentication::ClientSecretBasic(secret())),
        ("client_secret_post", Authentication::ClientSecretPost(secret())),
        ("none", Authentication::None),
    ]
    .into_iter()
    .map(|(method, authentication)| way(method, &json!({}), authentication))
    .collect();
    let by_secret = |algorithm| Authentication::assertion(SharedSecret::new(secret()), algorithm);
    ways.extend([JwsAlgorithm::HS256, JwsAlgorithm::HS512].map(|algorithm| {
        let own = json!({ "token_endpoint_auth_signing_alg": algorithm.as_str() });
        way("client_secret_jwt", &own, by_secret(algorithm))
    }));
    ways.extend([JwsAlgorithm::RS256, JwsAlgorithm::PS256, JwsAlgorithm::ES256, JwsAlgorithm::EdDSA].map(
        |algorithm| {
            let key = SigningKey::generate(algorithm, &RingEntropy::new().unwrap()).unwrap();
            let own = json!({
                "token_endpoint_auth_signing_alg": algorithm.as_str(),
                "jwks": { "keys": [key.public_jwk()] },
            });
            way("private_key_jwt", &own, Authentication::assertion(key, algorithm))
        },
    ));
    ways
}

fn way(method: &str, own: &Value, authentication: Authentication) -> (Value, Registration) {
    let algorithm = own["token_endpoint_auth_signing_alg"].as_str().unwrap_or_default();
    let client_id = format!("by-{method}-{algorithm}");
    let mut own = own.clone();
    own["token_endpoint_auth_method"] = method.into();
    if matches!(method, "none" | "private_key_jwt") {
        own["client_secret"] = Value::Null;
    }
    if method == "none" {
        own["grant_types"] = json!(["authorization_code", "refresh_token"]);
    }
    let mut client = declared(&client_id, &own);
    client.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    (client, Registration::new(client_id.parse().unwrap(), authentication))
}

#[tokio::test]
async fn a_client_proves_who_it_is_in_every_way_and_at_every_endpoint() {
    let (declared, registrations): (Vec<_>, Vec<_>) = ways().into_iter().unzip();
    let provider = Provider::with(&declared);

    for registration in registrations {
        let public = matches!(registration.authentication, Authentication::None);
        let client = provider.client(registration).await;
        let name = client.registration().client_id.clone();

        let first = signs_in(&client, &wish()).await.granted;
        let second = client.refresh(&first.tokens).await.unwrap_or_else(|why| panic!("{name}: {why}"));

        assert_eq!(first.id_token.unwrap().sub.as_str(), "ada", "{name}");
        assert_eq!(second.id_token.unwrap().sub.as_str(), "ada", "{name}");
        let token = &second.tokens.access_token;
        if !public {
            let told = client.introspect(token, None).await.unwrap_or_else(|why| panic!("{name}: {why}"));
            assert!(told.active, "{name}");
            let own = client.client_credentials(&ScopeSet::empty()).await.unwrap();
            assert!(own.tokens.refresh_token.is_none(), "{name}");
        }
        client.revoke(token, None).await.unwrap_or_else(|why| panic!("{name}: {why}"));
        if !public {
            assert!(!client.introspect(token, None).await.unwrap().active, "{name}");
        }
    }
}

#[tokio::test]
async fn a_secret_goes_where_the_metadata_has_it() {
    let basic = declared("web", &json!({ "token_endpoint_auth_method": "client_secret_basic" }));
    let provider = Provider::with(&[basic]);
    let registration = Registration::new("web".parse().unwrap(), Authentication::ClientSecret(secret()));

    let granted = provider.client(registration).await.client_credentials(&ScopeSet::empty()).await;

    assert!(granted.is_ok(), "{granted:?}");
}

#[tokio::test]
async fn what_proves_nothing_is_a_matter_for_whoever_set_it_up() {
    let key = |algorithm| SigningKey::generate(algorithm, &RingEntropy::new().unwrap()).unwrap();
    let known = key(JwsAlgorithm::ES256);
    let keys = json!({ "keys": [known.public_jwk()] });
    let assertive = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": keys,
        "token_endpoint_auth_signing_alg": "ES256",
    });
    let provider = Provider::with(&[
        declared("basic", &json!({ "token_endpoint_auth_method": "client_secret_basic" })),
        declared("post", &json!({ "token_endpoint_auth_method": "client_secret_post" })),
        declared("assertive", &assertive),
    ]);
    let wrong = || Secret::new("wrong");

    for (client_id, authentication) in [
        ("basic", Authentication::ClientSecretBasic(wrong())),
        // Its name for the key is right, and the key is not.
        ("assertive", {
            let other = key(JwsAlgorithm::ES256).named(known.kid().clone());
            Authentication::assertion(other, JwsAlgorithm::ES256)
        }),
        ("post", Authentication::ClientSecretPost(wrong())),
        ("nobody", Authentication::ClientSecretPost(secret())),
    ] {
        let registration = Registration::new(client_id.parse().unwrap(), authentication);
        let client = provider.client(registration).await;

        let refused = client.client_credentials(&ScopeSet::empty()).await.unwrap_err();

        assert_eq!(refused.oauth_error(), Some("invalid_client"), "{client_id}: {refused}");
        assert_eq!(refused.class(), FailureClass::Config, "{client_id}: {refused}");
        assert!(!format!("{refused} {refused:?}").contains(secret().expose()), "{refused:?}");
    }
}

#[tokio::test]
async fn an_assertion_is_made_by_whoever_has_the_key_and_names_it() {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &RingEntropy::new().unwrap()).unwrap();
    let key = key.named("of-2026".parse().unwrap());
    let own = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": { "keys": [key.public_jwk()] },
    });
    let provider = Provider::with(&[declared("web", &own)]);
    let signer: Arc<dyn Signer> = Arc::new(key);
    let assertion = grantway_client::AssertionKey { signer, algorithm: JwsAlgorithm::ES256 };
    let registration = Registration::new("web".parse().unwrap(), Authentication::Assertion(assertion));
    let client = provider.client(registration).await;

    // Each assertion has a jti of its own, or the second would be a replay.
    for _ in 0..2 {
        let granted = client.client_credentials(&scope("openid")).await;
        assert!(granted.is_ok(), "{granted:?}");
    }
}
