use grantway_core::failure::FailureClass;
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use serde_json::json;

use super::{Provider, as_web, signs_in, web, wish};

#[tokio::test]
async fn a_refresh_token_is_good_once_and_whoever_comes_second_has_to_ask_the_person_again() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let first = signs_in(&client, &wish()).await.granted.tokens;

    let second = client.refresh(&first).await.unwrap().tokens;
    let third = client.refresh(&second).await.unwrap().tokens;

    let bought = |tokens: &TokenSet| tokens.refresh_token.as_ref().map(|own| own.expose().to_owned());
    assert_ne!(bought(&first), bought(&second));
    assert_ne!(bought(&second), bought(&third));
    assert_eq!(third.scope, first.scope);
    // The first is used up, and after that nothing of this grant is good: whose it was, nobody knows.
    for tokens in [&first, &third] {
        let refused = client.refresh(tokens).await.unwrap_err();
        assert_eq!(refused.oauth_error(), Some("invalid_grant"), "{refused}");
        assert_eq!(refused.class(), FailureClass::Reauthorize);
    }
    assert!(!client.introspect(&third.access_token, None).await.unwrap().active);
}

#[tokio::test]
async fn a_refresh_token_that_is_none_or_is_not_there_leads_back_to_the_person() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let tokens = client.client_credentials(&"openid".parse().unwrap()).await.unwrap().tokens;

    let without = client.refresh(&tokens).await.unwrap_err();
    let made_up = TokenSet { refresh_token: Some(Secret::new("made-up")), ..tokens };
    let refused = client.refresh(&made_up).await.unwrap_err();

    assert_eq!((without.class(), without.oauth_error()), (FailureClass::Reauthorize, None));
    assert_eq!((refused.class(), refused.oauth_error()), (FailureClass::Reauthorize, Some("invalid_grant")));
}
