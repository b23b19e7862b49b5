use std::sync::Arc;

use axum::body::Bytes;
use grantway_client::{Client, ClientError, DeviceAnswer, Registration, SetupFault};
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::Signer;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::signing_key::SigningKey;
use http::{Method, Request, StatusCode};
use serde_json::json;

use super::{Provider, REDIRECT_URI, as_web, declared, person, scope, signs_in, web, wish};

fn key(algorithm: JwsAlgorithm) -> Arc<dyn Signer> {
    Arc::new(SigningKey::generate(algorithm, &RingEntropy::new().unwrap()).unwrap())
}

fn bound() -> Registration {
    as_web().with_dpop(key(JwsAlgorithm::ES256), JwsAlgorithm::ES256)
}

#[tokio::test]
async fn tokens_are_bound_to_a_key_with_nonces_at_every_endpoint() {
    let provider = Provider::with(&[web(&json!({}))]);
    for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::EdDSA, JwsAlgorithm::RS256, JwsAlgorithm::PS512] {
        let registration = as_web().with_dpop(key(algorithm), algorithm);
        let client = provider.client(registration.clone()).await;

        let granted = signs_in(&client, &wish().pushed()).await.granted;
        let renewed = client.refresh(&granted.tokens).await.unwrap();

        assert_eq!(granted.tokens.token_type, "DPoP", "{algorithm}");
        assert_eq!(renewed.tokens.token_type, "DPoP", "{algorithm}");
        let subject = granted.id_token.unwrap().sub;
        let told = client.introspect(&renewed.tokens.access_token, None).await.unwrap();
        assert!(told.extra["cnf"]["jkt"].is_string(), "{algorithm}: {told:?}");
        // Another process of the same client has the tokens and the key, and no nonce yet.
        let elsewhere = provider.client(registration).await;
        let userinfo = elsewhere.userinfo(&renewed.tokens, &subject).await;
        assert_eq!(userinfo.unwrap()["email"], "ada@ada.test", "{algorithm}");
    }
    let asked = provider.was_asked().await;
    for of_one in asked.split(|asked| asked.starts_with("GET /.well-known/")).filter(|of| !of.is_empty()) {
        let refused = of_one.iter().filter(|asked| asked.ends_with("400") || asked.ends_with("401"));
        assert!(refused.count() <= 1, "a nonce is asked for once, and then known: {of_one:?}");
    }
    assert!(asked.contains(&"POST /request 400".to_owned()), "{asked:?}");
    assert!(asked.contains(&"GET /me 401".to_owned()), "{asked:?}");
}

#[tokio::test]
async fn a_token_endpoint_may_be_the_first_to_ask_for_a_nonce() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(bound()).await;

    let own = client.client_credentials(&ScopeSet::empty()).await.unwrap();

    assert_eq!(own.tokens.token_type, "DPoP");
    let asked: Vec<_> =
        provider.was_asked().await.into_iter().filter(|asked| asked.contains("/token")).collect();
    assert_eq!(asked, ["POST /token 400", "POST /token 200"]);
}

#[tokio::test]
async fn what_is_bound_to_a_key_is_worth_nothing_to_whoever_has_another_or_none() {
    let public = json!({
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let mut public = declared("native", &public);
    public.as_object_mut().unwrap().remove("client_secret");
    let provider = Provider::with(&[public]);
    let native = || Registration::public("native".parse().unwrap());
    let holder = native().with_dpop(key(JwsAlgorithm::ES256), JwsAlgorithm::ES256);
    let holder = provider.client(holder).await;
    let thief = native().with_dpop(key(JwsAlgorithm::ES256), JwsAlgorithm::ES256);
    let thief = provider.client(thief).await;
    let plain = provider.client(native()).await;

    for other in [&thief, &plain] {
        let granted = signs_in(&holder, &wish()).await.granted;
        let subject = granted.id_token.unwrap().sub;

        let mut stolen = granted.tokens.clone();
        if other.registration().dpop.is_none() {
            // Whoever has no key can only hope that nobody asks for one.
            let why = other.userinfo(&stolen, &subject).await.unwrap_err();
            assert!(matches!(why, ClientError::Setup(SetupFault::NoDpopKey)), "{why}");
            stolen.token_type = "Bearer".to_owned();
        }
        let refused = other.userinfo(&stolen, &subject).await.unwrap_err();
        assert!(matches!(refused, ClientError::Refused { .. }), "{refused}");
        assert!(holder.userinfo(&granted.tokens, &subject).await.is_ok());
        let refused = other.refresh(&granted.tokens).await.unwrap_err();
        assert_eq!(refused.oauth_error(), Some("invalid_grant"), "{refused}");
        assert_eq!(refused.class(), FailureClass::Reauthorize);
        // RFC 9449 section 10: the code is bound as well.
        let begun = holder.begin(&wish()).await.unwrap();
        let query = person().brings_back(&begun.url, REDIRECT_URI).await;
        let refused = other.finish(begun.pending, &query).await.unwrap_err();
        assert_eq!(refused.oauth_error(), Some("invalid_grant"), "{refused}");
    }
}

#[tokio::test]
async fn a_resource_is_shown_a_token_with_a_proof_for_that_request() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(bound()).await;
    let tokens = signs_in(&client, &wish()).await.granted.tokens;
    let userinfo = client.provider().metadata.userinfo_endpoint.clone().unwrap();

    let shown = async |method: Method, address: &str| {
        let mut request = Request::new(Bytes::new());
        *request.headers_mut() = client.authorization(&tokens, &method, address).await.unwrap();
        *request.uri_mut() = userinfo.parse().unwrap();
        provider.parts.transport.send(request).await.unwrap().status()
    };

    assert_eq!(shown(Method::GET, &userinfo).await, StatusCode::OK);
    assert_eq!(shown(Method::GET, &format!("{userinfo}?page=2")).await, StatusCode::OK);
    assert_eq!(shown(Method::POST, &userinfo).await, StatusCode::UNAUTHORIZED);
    assert_eq!(shown(Method::GET, &format!("{userinfo}/more")).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_device_binds_its_tokens_too() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client: Client = provider.client(bound()).await;
    let mut device = client.device_authorization(&scope("openid email")).await.unwrap();
    let early = client.device_token(&mut device).await.unwrap();
    person().ends_at(device.verification_uri_complete.as_ref().unwrap()).await;

    let granted = client.device_token(&mut device).await.unwrap();

    assert!(matches!(early, DeviceAnswer::Pending { .. }), "{early:?}");
    let DeviceAnswer::Granted(granted) = granted else { panic!("{granted:?}") };
    assert_eq!(granted.tokens.token_type, "DPoP");
}
