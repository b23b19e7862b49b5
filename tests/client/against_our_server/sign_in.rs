use std::time::Duration;

use grantway_client::{CallbackFault, ClientError, IdTokenFault, SetupFault, SignIn, SignOut, register};
use grantway_core::failure::FailureClass;
use grantway_core::jws::{JwsAlgorithm, unverified_header};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Clock, SystemClock};
use serde_json::json;

use super::{GOODBYE, Provider, REDIRECT_URI, ada, as_web, declared, scope, signs_in, wish, world};

fn short() -> SignIn {
    SignIn::back_to(REDIRECT_URI).scope(&scope("openid"))
}

#[tokio::test]
async fn a_person_signs_in_and_says_who_she_is() {
    let (_provider, client) = world(&json!({})).await;

    let signed_in = signs_in(&client, &wish()).await;

    let granted = signed_in.granted;
    let claims = granted.id_token.unwrap();
    assert_eq!(granted.tolerances, [], "we keep to the standards");
    assert_eq!(signed_in.callback, []);
    assert_eq!(granted.tokens.scope, Some(scope("openid profile email offline_access")));
    assert!(claims.at_hash.is_some() && claims.nonce.is_some(), "there is something to look at: {claims:?}");
    let userinfo = client.userinfo(&granted.tokens, &claims.sub).await.unwrap();
    assert_eq!((&userinfo["name"], &userinfo["email"]), (&json!("Ada Lovelace"), &json!("ada@ada.test")));
    let refused = client.userinfo(&granted.tokens, &"grace".parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, ClientError::IdToken(IdTokenFault::Subject)), "{refused}");
}

#[tokio::test]
async fn what_is_signed_is_believed_by_every_algorithm_that_the_metadata_lists() {
    let listed = world(&json!({})).await.1.provider().metadata.id_token_signing_alg_values_supported.clone();
    assert!(!listed.is_empty());
    for algorithm in listed {
        let own = json!({
            "id_token_signed_response_alg": algorithm.as_str(),
            "userinfo_signed_response_alg": algorithm.as_str(),
        });
        let provider = Provider::with(&[declared("web", &own)]);
        for registration in [as_web(), as_web().with_id_token_alg(algorithm)] {
            let client = provider.client(registration).await;

            let granted = signs_in(&client, &wish()).await.granted;

            let header = unverified_header(granted.tokens.id_token.as_ref().unwrap().expose()).unwrap();
            assert_eq!(header["alg"], algorithm.as_str());
            let subject = granted.id_token.unwrap().sub;
            let signed = client.userinfo(&granted.tokens, &subject).await.unwrap();
            assert_eq!(signed["iss"], provider.served.issuer(), "{algorithm}: it was signed");
        }
        let another =
            if algorithm == JwsAlgorithm::ES256 { JwsAlgorithm::RS256 } else { JwsAlgorithm::ES256 };
        let client = provider.client(as_web().with_id_token_alg(another)).await;
        let begun = client.begin(&wish()).await.unwrap();
        let query = ada().brings_back(&begun.url, REDIRECT_URI).await;
        let refused = client.finish(begun.pending, &query).await.unwrap_err();
        assert!(matches!(refused, ClientError::IdToken(IdTokenFault::Signature(_))), "{refused}");
    }
}

#[tokio::test]
async fn what_is_asked_of_the_sign_in_is_answered() {
    let (_provider, client) = world(&json!({})).await;
    let claims = json!({ "id_token": { "email": null }, "userinfo": { "name": { "essential": true } } });
    let wish = short().max_age(Duration::from_mins(5)).parameter("claims", claims.to_string());

    let granted = signs_in(&client, &wish).await.granted;

    let id_token = granted.id_token.unwrap();
    assert_eq!(id_token.extra["email"], "ada@ada.test");
    let age = SystemClock.now().seconds_since(id_token.auth_time.expect("max_age was asked for"));
    assert!((0..60).contains(&age), "{age}");
    let userinfo = client.userinfo(&granted.tokens, &id_token.sub).await.unwrap();
    assert_eq!(userinfo["name"], "Ada Lovelace");
    assert!(granted.tokens.refresh_token.is_none(), "nobody asked for one");
}

#[tokio::test]
async fn each_prompt_that_the_metadata_lists_is_understood() {
    let (_provider, client) = world(&json!({})).await;
    let mut person = ada();
    let mut come_back = async |prompt: &str| {
        let begun = client.begin(&short().prompt(prompt)).await.unwrap();
        let query = person.brings_back(&begun.url, REDIRECT_URI).await;
        client.finish(begun.pending, &query).await
    };

    let stranger = come_back("none").await.unwrap_err();
    assert_eq!(
        (stranger.oauth_error(), stranger.class()),
        (Some("login_required"), FailureClass::Reauthorize)
    );
    let mut played = vec!["none".to_owned()];
    for prompt in ["login", "consent", "select_account"] {
        assert!(come_back(prompt).await.unwrap().granted.id_token.is_some(), "{prompt}");
        played.push(prompt.to_owned());
    }
    assert!(come_back("none").await.is_ok(), "she is signed in and has agreed");
    let mut listed = client.provider().metadata.prompt_values_supported.clone();
    listed.sort();
    played.sort();
    assert_eq!(played, listed, "no other is listed");
}

#[tokio::test]
async fn every_response_mode_that_brings_a_query_or_a_form_is_read() {
    let (_provider, client) = world(&json!({})).await;
    for mode in ["query", "form_post"] {
        assert!(client.provider().metadata.response_modes_supported.iter().any(|own| own == mode));
        let granted = signs_in(&client, &short().parameter("response_mode", mode)).await.granted;
        assert!(granted.id_token.is_some(), "{mode}");
    }
}

#[tokio::test]
async fn a_person_who_does_not_agree_is_sent_back_to_decide_again() {
    let (_provider, client) = world(&json!({})).await;
    let begun = client.begin(&wish()).await.unwrap();
    let query = ada().refusing_by("consented", "false").brings_back(&begun.url, REDIRECT_URI).await;

    let refused = client.finish(begun.pending, &query).await.unwrap_err();

    assert_eq!(refused.oauth_error(), Some("access_denied"), "{refused}");
    assert_eq!(refused.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn an_answer_from_another_provider_or_from_nobody_is_a_mix_up() {
    let (provider, client) = world(&json!({})).await;
    let issuer = provider.served.issuer();
    let begun = client.begin(&wish()).await.unwrap();
    let query = ada().brings_back(&begun.url, REDIRECT_URI).await;
    let own = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect::<String>();
    assert!(query.contains(&format!("iss={own}")), "{query}");

    for (tampered, found) in [
        (query.replace(&own, "https%3A%2F%2Fattacker.test"), "https://attacker.test"),
        (query.replace(&format!("iss={own}"), "x=y"), ""),
    ] {
        let refused = client.finish(begun.pending.clone(), &tampered).await.unwrap_err();
        let fault = CallbackFault::Issuer { expected: issuer.to_owned(), found: found.to_owned() };
        assert!(matches!(&refused, ClientError::Callback(own) if *own == fault), "{refused}");
    }
    assert!(client.finish(begun.pending, &query).await.is_ok(), "the code was not spent on it");
}

#[tokio::test]
async fn a_person_is_signed_out_at_her_provider_and_comes_back() {
    let (_provider, client) = world(&json!({})).await;
    let mut person = ada();
    let begun = client.begin(&short()).await.unwrap();
    let query = person.brings_back(&begun.url, REDIRECT_URI).await;
    let tokens = client.finish(begun.pending, &query).await.unwrap().granted.tokens;

    let url = client
        .logout_url(SignOut {
            id_token_hint: tokens.id_token.as_ref(),
            post_logout_redirect_uri: Some(GOODBYE),
            state: Some("of this sign-out"),
        })
        .unwrap();
    let said = person.brings_back(&url, GOODBYE).await;

    assert_eq!(said, "state=of+this+sign-out");
    let begun = client.begin(&short().prompt("none")).await.unwrap();
    let query = person.brings_back(&begun.url, REDIRECT_URI).await;
    let refused = client.finish(begun.pending, &query).await.unwrap_err();
    assert_eq!(refused.oauth_error(), Some("login_required"), "her session is over");
}

#[tokio::test]
async fn what_the_metadata_does_not_name_is_not_asked() {
    let (provider, client) = world(&json!({})).await;
    let own = client.provider();

    let pushed = client.begin(&wish().pushed()).await.map(drop).unwrap_err();
    let device = client.device_authorization(&ScopeSet::empty()).await.map(drop).unwrap_err();
    let registered = register(&provider.parts, own, &json!({}), None).await.map(drop).unwrap_err();

    for (refused, member) in [
        (pushed, "pushed_authorization_request_endpoint"),
        (device, "device_authorization_endpoint"),
        (registered, "registration_endpoint"),
    ] {
        assert!(
            matches!(&refused, ClientError::Setup(SetupFault::Missing(own)) if *own == member),
            "{member}: {refused}"
        );
        assert_eq!(refused.class(), FailureClass::Config);
    }
}
