use grantway_client::{SignIn, SignOut};
use serde_json::json;

use super::{GOODBYE, Provider, REDIRECT_URI, as_web, person, scope, web};

#[tokio::test]
async fn a_person_is_signed_out_at_her_provider_and_comes_back() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let wish = SignIn::back_to(REDIRECT_URI).scope(&scope("openid"));
    let mut ada = person();
    let begun = client.begin(&wish).await.unwrap();
    let query = ada.brings_back(&begun.url, REDIRECT_URI).await;
    let tokens = client.finish(begun.pending, &query).await.unwrap().granted.tokens;
    let silently = wish.prompt("none");
    let begun = client.begin(&silently).await.unwrap();
    let query = ada.brings_back(&begun.url, REDIRECT_URI).await;
    assert!(client.finish(begun.pending, &query).await.is_ok(), "her session is good");

    let url = client
        .logout_url(SignOut {
            id_token_hint: tokens.id_token.as_ref(),
            post_logout_redirect_uri: Some(GOODBYE),
            state: Some("of this sign-out"),
        })
        .unwrap();
    let said = ada.brings_back(&url, GOODBYE).await;

    assert_eq!(said, "state=of+this+sign-out");
    let begun = client.begin(&silently).await.unwrap();
    let query = ada.brings_back(&begun.url, REDIRECT_URI).await;
    let refused = client.finish(begun.pending, &query).await.unwrap_err();
    assert_eq!(refused.oauth_error(), Some("login_required"), "her session is over");
}
