use grantway_core::client::Client;
use grantway_tests::{World, confidential, request};

fn disabled() -> Client {
    let mut client = confidential();
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
