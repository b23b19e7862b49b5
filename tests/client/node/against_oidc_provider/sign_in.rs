use std::time::Duration;

use grantway_client::{CallbackFault, Client, ClientError, IdTokenFault, PendingSignIn, SignIn};
use grantway_core::base64url;
use grantway_core::failure::FailureClass;
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::token_request::TokenRequest;
use serde_json::{Value, json};

use super::{Provider, REDIRECT_URI, as_web, person, scope, signs_in, web, wish};

async fn world() -> (Provider, Client) {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    (provider, client)
}

/// A sign-in that a person has come back from, and what she brought.
async fn back(client: &Client) -> (PendingSignIn, String) {
    let begun = client.begin(&wish()).await.unwrap();
    let query = person().brings_back(&begun.url, REDIRECT_URI).await;
    (begun.pending, query)
}

fn callback_fault(refused: ClientError) -> CallbackFault {
    match refused {
        ClientError::Callback(fault) => fault,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_person_signs_in_and_says_who_she_is() {
    let (_provider, client) = world().await;

    let signed_in = signs_in(&client, &wish()).await;

    let granted = signed_in.granted;
    let claims = granted.id_token.unwrap();
    assert_eq!(granted.tolerances, [], "oidc-provider keeps to the standards");
    assert_eq!(granted.tokens.scope, Some(scope("openid profile email offline_access")));
    assert_eq!(signed_in.callback, []);
    let userinfo = client.userinfo(&granted.tokens, &claims.sub).await.unwrap();
    assert_eq!(
        (&userinfo["sub"], &userinfo["name"], &userinfo["email"]),
        (&json!("ada"), &json!("Ada Lovelace"), &json!("ada@ada.test"))
    );
    let somebody_else = "grace".parse().unwrap();
    let refused = client.userinfo(&granted.tokens, &somebody_else).await.unwrap_err();
    assert!(matches!(refused, ClientError::IdToken(IdTokenFault::Subject)), "{refused}");
}

#[tokio::test]
async fn a_request_is_pushed_and_an_answer_posted() {
    let (provider, client) = world().await;

    let begun = client.begin(&wish().pushed().parameter("response_mode", "form_post")).await.unwrap();
    let form = person().brings_back(&begun.url, REDIRECT_URI).await;
    let signed_in = client.finish(begun.pending, &form).await.unwrap();

    assert!(!begun.url.contains("redirect_uri") && begun.url.contains("request_uri"), "{}", begun.url);
    assert!(provider.was_asked().await.contains(&"POST /request 201".to_owned()));
    assert_eq!(signed_in.granted.id_token.unwrap().sub.as_str(), "ada");
}

#[tokio::test]
async fn what_is_asked_of_the_sign_in_is_answered() {
    let (_provider, client) = world().await;
    let claims = json!({ "id_token": { "email": null }, "userinfo": { "name": null } });
    let wish = SignIn::back_to(REDIRECT_URI)
        .scope(&scope("openid"))
        .max_age(Duration::from_mins(5))
        .parameter("claims", claims.to_string());

    let granted = signs_in(&client, &wish).await.granted;

    let id_token = granted.id_token.unwrap();
    assert_eq!(id_token.extra["email"], "ada@ada.test");
    let age = SystemClock.now().seconds_since(id_token.auth_time.expect("max_age was asked for"));
    assert!((0..60).contains(&age), "{age}");
    let userinfo = client.userinfo(&granted.tokens, &id_token.sub).await.unwrap();
    assert_eq!(userinfo["name"], "Ada Lovelace");
    assert_eq!(granted.tokens.refresh_token.map(|_| "a refresh token"), None, "nobody asked for one");
}

#[tokio::test]
async fn a_token_is_for_the_api_that_was_named_at_the_sign_in() {
    let (_provider, client) = world().await;
    let wish = SignIn::back_to(REDIRECT_URI).scope(&scope("reports:read")).resource("https://reports.test/");

    let of_a_person = signs_in(&client, &wish).await.granted;
    let request =
        TokenRequest::client_credentials().scope(&scope("reports:read")).resource("https://reports.test/");
    let of_itself = client.token(&request).await.unwrap();

    assert!(of_a_person.id_token.is_none(), "openid was not asked for");
    for (granted, subject) in [(of_a_person, "ada"), (of_itself, "web")] {
        let claims = unverified(granted.tokens.access_token.expose());
        assert_eq!(claims["aud"], "https://reports.test/", "{claims}");
        assert_eq!(claims["sub"], subject, "{claims}");
        assert_eq!(granted.tokens.scope, Some(scope("reports:read")));
    }
}

fn unverified(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&base64url::decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn a_person_who_would_have_to_be_asked_and_may_not_is_sent_back_to_sign_in() {
    let (_provider, client) = world().await;
    let begun =
        client.begin(&SignIn::back_to(REDIRECT_URI).scope(&scope("openid")).prompt("none")).await.unwrap();
    let query = person().brings_back(&begun.url, REDIRECT_URI).await;

    let refused = client.finish(begun.pending, &query).await.unwrap_err();

    assert_eq!(refused.oauth_error(), Some("login_required"));
    assert_eq!(refused.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn a_request_that_the_provider_does_not_take_is_a_matter_for_whoever_set_it_up() {
    let (_provider, client) = world().await;
    let wish = SignIn::back_to("https://app.test/unregistered").scope(&scope("openid")).pushed();

    let refused = client.begin(&wish).await.unwrap_err();

    assert_eq!(refused.class(), FailureClass::Config, "{refused}");
    assert_eq!(refused.oauth_error(), Some("invalid_request"), "{refused}");
}

#[tokio::test]
async fn an_answer_from_another_provider_or_from_nobody_is_a_mix_up() {
    let (provider, client) = world().await;
    let issuer = provider.served.issuer();
    let (pending, query) = back(&client).await;
    let own = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect::<String>();
    assert!(query.contains(&format!("iss={own}")), "{query}");

    for (tampered, found) in [
        (query.replace(&own, "https%3A%2F%2Fattacker.test"), "https://attacker.test"),
        (query.replace(&own, &format!("{own}%2F")), &*format!("{issuer}/")),
        (query.replace(&format!("iss={own}"), "x=y"), ""),
    ] {
        let refused = callback_fault(client.finish(pending.clone(), &tampered).await.unwrap_err());
        let expected = CallbackFault::Issuer { expected: issuer.to_owned(), found: found.to_owned() };
        assert_eq!(refused, expected, "{tampered}");
    }
    assert!(!provider.was_asked().await.iter().any(|asked| asked.contains("/token")));
    assert!(client.finish(pending, &query).await.is_ok(), "the code was not spent on it");
}

#[tokio::test]
async fn an_answer_belongs_to_the_sign_in_it_answers() {
    let (_provider, client) = world().await;
    let (pending, query) = back(&client).await;
    let (another, _) = back(&client).await;

    let refused = callback_fault(client.finish(another, &query).await.unwrap_err());

    assert_eq!(refused, CallbackFault::State);
    // Whoever could change what is kept gets nothing by it either.
    for (member, expected) in [("nonce", "nonce"), ("code_verifier", "invalid_grant")] {
        let (pending, query) = back(&client).await;
        let mut kept = serde_json::to_value(&pending).unwrap();
        kept[member] = "0123456789012345678901234567890123456789012".into();
        let pending = serde_json::from_value(kept).unwrap();
        let refused = client.finish(pending, &query).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
        assert_eq!(refused.class(), FailureClass::Reauthorize);
    }
    assert!(client.finish(pending, &query).await.is_ok());
}

#[tokio::test]
async fn a_code_is_good_once() {
    let (_provider, client) = world().await;
    let (pending, query) = back(&client).await;
    let first = client.finish(pending.clone(), &query).await.unwrap().granted;

    let second = client.finish(pending, &query).await.unwrap_err();

    assert_eq!(second.oauth_error(), Some("invalid_grant"));
    assert_eq!(second.class(), FailureClass::Reauthorize);
    let told = client.introspect(&first.tokens.access_token, None).await.unwrap();
    assert!(!told.active, "oidc-provider takes back what a code bought that is presented again");
}
