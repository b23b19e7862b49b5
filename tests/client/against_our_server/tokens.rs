//! What comes after a sign-in.

use grantway_core::failure::FailureClass;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use serde_json::json;

use super::{scope, signs_in, wish, world};

#[tokio::test]
async fn every_grant_that_the_metadata_lists_gives_tokens() {
    let (_provider, client) = world(&json!({})).await;

    let code = signs_in(&client, &wish()).await.granted;
    let refresh = client.refresh(&code.tokens).await.unwrap();
    let own = client.client_credentials(&ScopeSet::empty()).await.unwrap();

    for tokens in [&code.tokens, &refresh.tokens, &own.tokens] {
        assert_eq!(tokens.token_type, "Bearer");
        assert!(tokens.expires_at.is_some());
        assert!(client.introspect(&tokens.access_token, None).await.unwrap().active);
    }
    assert_eq!(
        client.provider().metadata.grant_types_supported,
        ["authorization_code", "refresh_token", "client_credentials"],
        "no other is listed"
    );
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_whoever_comes_second_has_to_ask_the_person_again() {
    let (_provider, client) = world(&json!({})).await;
    let first = signs_in(&client, &wish()).await.granted.tokens;

    let second = client.refresh(&first).await.unwrap().tokens;
    let third = client.refresh(&second).await.unwrap().tokens;

    let bought = |tokens: &TokenSet| tokens.refresh_token.as_ref().map(|own| own.expose().to_owned());
    assert_ne!(bought(&first), bought(&second));
    assert_ne!(bought(&second), bought(&third));
    // The second was used, so no answer was lost that the first could be presented again for.
    for tokens in [&first, &third] {
        let refused = client.refresh(tokens).await.unwrap_err();
        assert_eq!(refused.oauth_error(), Some("invalid_grant"), "{refused}");
        assert_eq!(refused.class(), FailureClass::Reauthorize);
    }
    assert!(!client.introspect(&third.access_token, None).await.unwrap().active);
}

#[tokio::test]
async fn a_token_is_worth_what_was_granted_until_it_is_given_back_whatever_it_looks_like() {
    for format in ["jwt", "opaque"] {
        let (_provider, client) = world(&json!({ "access_token_format": format })).await;
        let granted = signs_in(&client, &wish()).await.granted;
        let (tokens, subject) = (granted.tokens, granted.id_token.unwrap().sub);
        let refresh_token = tokens.refresh_token.clone().unwrap();

        for (token, hint) in [
            (&tokens.access_token, Some("access_token")),
            (&tokens.access_token, None),
            (&refresh_token, Some("refresh_token")),
            (&refresh_token, Some("access_token")),
        ] {
            let told = client.introspect(token, hint).await.unwrap();
            assert!(told.active, "{format} {hint:?}");
            assert_eq!(told.sub.as_deref(), Some(subject.as_str()), "{format} {hint:?}");
            assert_eq!(told.client_id.unwrap().as_str(), "web", "{format} {hint:?}");
            assert_eq!(told.scope, Some(scope("openid profile email offline_access")), "{format} {hint:?}");
        }

        client.revoke(&refresh_token, Some("refresh_token")).await.unwrap();

        for token in [&tokens.access_token, &refresh_token] {
            assert!(!client.introspect(token, None).await.unwrap().active, "{format}");
        }
        assert_eq!(client.refresh(&tokens).await.unwrap_err().oauth_error(), Some("invalid_grant"));
        let refused = client.userinfo(&tokens, &subject).await.unwrap_err();
        assert_eq!(refused.oauth_error(), Some("invalid_token"), "{format}: {refused}");
        assert_eq!(refused.class(), FailureClass::Reauthorize);
    }
}

#[tokio::test]
async fn what_was_never_a_token_is_worth_nothing_and_may_be_given_back() {
    let (_provider, client) = world(&json!({})).await;
    let made_up = Secret::new("made-up");

    assert!(!client.introspect(&made_up, None).await.unwrap().active);
    client.revoke(&made_up, None).await.unwrap();
}
