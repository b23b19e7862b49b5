//! What a token is worth, and giving it back.

use grantway_core::seam::Introspection;
use grantway_core::secret::Secret;
use serde_json::json;

use super::{Provider, as_web, scope, signs_in, web, wish};

#[tokio::test]
async fn a_token_is_worth_what_was_granted_until_it_is_given_back() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let tokens = signs_in(&client, &wish()).await.granted.tokens;
    let refresh_token = tokens.refresh_token.clone().unwrap();

    for (token, hint) in [
        (&tokens.access_token, Some("access_token")),
        (&tokens.access_token, None),
        (&refresh_token, Some("refresh_token")),
        (&refresh_token, Some("access_token")),
    ] {
        let told = client.introspect(token, hint).await.unwrap();
        assert!(told.active, "{hint:?}");
        assert_eq!(told.sub.as_deref(), Some("ada"), "{hint:?}");
        assert_eq!(told.client_id.unwrap().as_str(), "web", "{hint:?}");
        assert_eq!(told.scope, Some(scope("openid profile email offline_access")), "{hint:?}");
    }
    let seam: &dyn Introspection = &client;
    assert!(seam.introspect(&tokens.access_token).await.unwrap().active);

    client.revoke(&refresh_token, Some("refresh_token")).await.unwrap();

    for token in [&tokens.access_token, &refresh_token] {
        assert!(!client.introspect(token, None).await.unwrap().active);
    }
    assert_eq!(client.refresh(&tokens).await.unwrap_err().oauth_error(), Some("invalid_grant"));
}

#[tokio::test]
async fn what_was_never_a_token_is_worth_nothing_and_may_be_given_back() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let made_up = Secret::new("made-up");

    assert!(!client.introspect(&made_up, None).await.unwrap().active);
    client.revoke(&made_up, None).await.unwrap();
}
