use grantway_core::base64url;
use grantway_core::client::AccessTokenFormat;
use grantway_tests::{World, confidential};

#[tokio::test]
async fn an_opaque_access_token_does_all_that_a_jwt_does_and_tells_its_bearer_nothing() {
    let world = World::new().await;
    let mut client = confidential();
    client.access_token.format = AccessTokenFormat::Opaque;
    world.declare(client).await;
    let basic = Some(("confidential", "sesame"));
    let tokens = world.redeem(&world.code("openid email offline_access").await).await;
    let token = tokens.member("access_token");

    assert!(token.starts_with("oat_") && !token.contains('.'), "{token}");
    assert!(!String::from_utf8_lossy(&base64url::decode(&token[4..]).unwrap()).contains("ada"));
    assert_eq!(world.userinfo(&token).await.member("email"), "ada@people.test");
    let told = world.post("/oauth/token_info", basic, &[("token", &token)]).await;
    assert_eq!(told.json()["active"], true);
    assert_eq!(told.member("sub"), "user_ada");
    let mut changed = token.clone().into_bytes();
    let last = changed.len() - 3;
    changed[last] = if changed[last] == b'A' { b'B' } else { b'A' };
    assert_eq!(world.userinfo(&String::from_utf8(changed).unwrap()).await.status, 401);
    assert_eq!(world.post("/oauth/token/revoke", basic, &[("token", &token)]).await.status, 200);
    assert_eq!(world.userinfo(&token).await.status, 401);
    assert_eq!(world.refresh(&tokens.member("refresh_token")).await.member("error"), "invalid_grant");

    let own = world.token(basic, &[("grant_type", "client_credentials")]).await.member("access_token");
    let told = world.post("/oauth/token_info", basic, &[("token", &own)]).await;
    assert_eq!(told.member("client_id"), "confidential");
    world.post("/oauth/token/revoke", basic, &[("token", &own)]).await;
    assert_eq!(world.post("/oauth/token_info", basic, &[("token", &own)]).await.json()["active"], false);
}
