//! Whoever was shut out is shut out everywhere, and so is what acts for her.

use grantway_core::client::AccessTokenFormat;
use grantway_tests::{PASSWORD, World, claims_of, confidential, request};
use serde_json::json;

#[tokio::test]
async fn nothing_that_she_allowed_opens_anything_any_more() {
    for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
        let world = World::new().await;
        let mut client = confidential();
        client.access_token.format = format;
        world.declare(client).await;
        let unredeemed = world.code("openid").await;
        let tokens = world.redeem(&world.code("openid offline_access").await).await;
        let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));
        assert_eq!(world.userinfo(&access).await.status, 200);
        world.let_in(false).await;

        let person = world.userinfo(&access).await;
        let shown = introspected(&world, &access).await;
        let shown_refresh = introspected(&world, &refresh).await;
        let redeemed = world.redeem(&unredeemed).await;
        let refreshed = world.refresh(&refresh).await;

        assert_eq!(person.status, 403, "{}", person.text());
        assert_eq!(person.json()["errors"][0]["code"], "oauth_fetch_user_forbidden_error");
        assert_eq!(shown, json!({"active": false}));
        assert_eq!(shown_refresh, json!({"active": false}));
        assert_eq!(
            (redeemed.error().as_str(), refreshed.error().as_str()),
            ("invalid_grant", "invalid_grant")
        );

        // What was tried is over for good, and she herself comes in again.
        world.let_in(true).await;
        assert_eq!(world.refresh(&refresh).await.error(), "invalid_grant");
        assert_eq!(world.userinfo(&access).await.status, 401);
        assert!(
            claims_of(&world.redeem(&world.code("openid").await).await.member("id_token"))["sub"].is_string()
        );
    }
}

#[tokio::test]
async fn her_browsers_are_signed_in_nowhere_and_her_password_does_not_help() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let address = format!("/oauth/authorize?{}", request("confidential", "openid"));
    let consent = browser.open(&address).await;
    world.let_in(false).await;

    let decided = browser.submit(&consent, &[("consented", "true")]).await;
    let silent = browser.open(&format!("{address}&prompt=none")).await;
    let page = browser.open(&address).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;

    assert_eq!(decided.url.path(), "/sign-in", "{}", decided.words());
    assert_eq!(silent.answer.parameter("error").as_deref(), Some("login_required"));
    assert!(page.words().contains("That did not work"), "{}", page.words());
}

async fn introspected(world: &World, token: &str) -> serde_json::Value {
    world.post("/oauth/token_info", Some(("confidential", "sesame")), &[("token", token)]).await.json()
}
