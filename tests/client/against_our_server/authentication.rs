use grantway_client::{Authentication, Registration};
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::hmac::SharedSecret;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::signing_key::SigningKey;
use serde_json::{Value, json};

use super::{Provider, as_web, declared, secret, signs_in, wish, world};

/// Every way to prove who one is, each once: what is declared, and what the client does.
fn ways() -> Vec<(&'static str, Value, Authentication)> {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &RingEntropy::new().unwrap()).unwrap();
    let keys = json!({ "keys": [key.public_jwk()] });
    let shared = SharedSecret::new(secret());
    vec![
        ("none", json!({ "client_secret": null }), Authentication::None),
        ("client_secret_basic", json!({}), Authentication::ClientSecretBasic(secret())),
        ("client_secret_post", json!({}), Authentication::ClientSecretPost(secret())),
        ("client_secret_jwt", json!({}), Authentication::assertion(shared, JwsAlgorithm::HS256)),
        (
            "private_key_jwt",
            json!({ "client_secret": null, "jwks": keys }),
            Authentication::assertion(key, JwsAlgorithm::ES256),
        ),
    ]
}

#[tokio::test]
async fn a_client_proves_who_it_is_in_every_way_that_the_metadata_lists_and_at_every_endpoint() {
    let declare = |(method, own, authentication): (&'static str, Value, Authentication)| {
        let mut own = own;
        own["token_endpoint_auth_method"] = method.into();
        if method == "none" {
            own["grant_types"] = json!(["authorization_code", "refresh_token"]);
        }
        (declared(method, &own), Registration::new(method.parse().unwrap(), authentication))
    };
    let (declared, registrations): (Vec<_>, Vec<_>) = ways().into_iter().map(declare).unzip();
    let provider = Provider::with(&declared);

    let mut played = Vec::new();
    for registration in registrations {
        let public = matches!(registration.authentication, Authentication::None);
        let client = provider.client(registration).await;
        let name = client.registration().client_id.clone();

        let first = signs_in(&client, &wish()).await.granted;
        let second = client.refresh(&first.tokens).await.unwrap_or_else(|why| panic!("{name}: {why}"));

        assert_eq!(second.id_token.unwrap().sub, first.id_token.unwrap().sub, "{name}");
        let token = &second.tokens.access_token;
        if !public {
            let told = client.introspect(token, None).await.unwrap_or_else(|why| panic!("{name}: {why}"));
            assert!(told.active, "{name}");
            let own = client.client_credentials(&ScopeSet::empty()).await;
            assert!(own.unwrap_or_else(|why| panic!("{name}: {why}")).tokens.refresh_token.is_none());
        }
        client.revoke(token, None).await.unwrap_or_else(|why| panic!("{name}: {why}"));
        if !public {
            assert!(!client.introspect(token, None).await.unwrap().active, "{name}");
        }
        played.push(name.as_str().to_owned());
    }
    let client = provider.client(as_web()).await;
    let mut listed = client.provider().metadata.token_endpoint_auth_methods_supported.clone();
    listed.sort();
    played.sort();
    assert_eq!(played, listed, "no other way is listed");
}

#[tokio::test]
async fn an_assertion_is_taken_by_every_algorithm_that_the_metadata_lists() {
    let entropy = RingEntropy::new().unwrap();
    // Such keys take long to make.
    let rsa = PrivateKey::generate(KeyKind::Rsa, &entropy).unwrap();
    let authentications = JwsAlgorithm::ALL.map(|algorithm| {
        let name = algorithm.as_str();
        let (own, authentication) = match KeyKind::of(algorithm) {
            None => {
                let shared = SharedSecret::new(secret());
                (
                    json!({ "token_endpoint_auth_method": "client_secret_jwt" }),
                    Authentication::assertion(shared, algorithm),
                )
            }
            Some(kind) => {
                let key = match kind {
                    KeyKind::Rsa => SigningKey::new(&rsa, algorithm),
                    _ => SigningKey::generate(algorithm, &entropy),
                };
                let key = key.unwrap().named("of-2026".parse().unwrap());
                let own = json!({ "client_secret": null, "jwks": { "keys": [key.public_jwk()] } });
                (own, Authentication::assertion(key, algorithm))
            }
        };
        (declared(name, &own), Registration::new(name.parse().unwrap(), authentication))
    });
    let (declared, registrations): (Vec<_>, Vec<_>) = authentications.into_iter().unzip();
    let provider = Provider::with(&declared);

    for registration in registrations {
        let client = provider.client(registration).await;
        let listed = &client.provider().metadata.token_endpoint_auth_signing_alg_values_supported;
        assert_eq!(*listed, JwsAlgorithm::ALL);
        // Each assertion has a jti of its own, or the second would be a replay.
        for _ in 0..2 {
            let granted = client.client_credentials(&ScopeSet::empty()).await;
            granted.unwrap_or_else(|why| panic!("{}: {why}", client.registration().client_id));
        }
    }
}

#[tokio::test]
async fn what_proves_nothing_is_a_matter_for_whoever_set_it_up() {
    let (provider, _) = world(&json!({})).await;
    let wrong = || Secret::new("wrong");
    let another = || SigningKey::generate(JwsAlgorithm::ES256, &RingEntropy::new().unwrap()).unwrap();

    for (client_id, authentication) in [
        ("web", Authentication::ClientSecretBasic(wrong())),
        ("web", Authentication::ClientSecretPost(wrong())),
        ("web", Authentication::assertion(another(), JwsAlgorithm::ES256)),
        ("web", Authentication::None),
        // Only providers that do not decode understand it.
        ("web", Authentication::ClientSecretBasicRaw(secret())),
        ("nobody", Authentication::ClientSecretBasic(secret())),
    ] {
        let registration = Registration::new(client_id.parse().unwrap(), authentication);
        let client = provider.client(registration).await;

        let refused = client.client_credentials(&ScopeSet::empty()).await.unwrap_err();

        assert_eq!(refused.oauth_error(), Some("invalid_client"), "{client_id}: {refused}");
        assert_eq!(refused.class(), FailureClass::Config, "{client_id}: {refused}");
        assert!(!format!("{refused} {refused:?}").contains(secret().expose()), "{refused:?}");
    }
}
