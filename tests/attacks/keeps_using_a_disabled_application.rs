use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::metadata::supported_scopes;
use grantway_core::secret::Secret;
use grantway_core::token::GrantType;
use grantway_tests::{World, request};

fn disabled() -> Client {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("confidential".parse().unwrap(), "The confidential app", authentication);
    client.redirect_uris = vec!["https://app.test/cb".parse().unwrap()];
    client.grant_types = GrantType::ALL.to_vec();
    client.scope = supported_scopes();
    client.enabled = false;
    client
}

#[tokio::test]
async fn nothing_it_holds_opens_anything_any_more() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let tokens = world.redeem(&world.code("openid offline_access").await).await;
    world.declare(disabled()).await;

    let page = world
        .signed_in()
        .await
        .open(&format!("/oauth/authorize?{}", request("confidential", "openid")))
        .await;
    let own = world.token(Some(("confidential", "sesame")), &[("grant_type", "client_credentials")]).await;

    assert_eq!(page.answer.status, 401);
    assert!(page.answer.location().is_none());
    assert_eq!(own.error(), "invalid_client");
    assert_eq!(world.redeem(&code).await.error(), "invalid_client");
    assert_eq!(world.refresh(&tokens.member("refresh_token")).await.error(), "invalid_client");
    assert_eq!(world.userinfo(&tokens.member("access_token")).await.status, 401);
}
