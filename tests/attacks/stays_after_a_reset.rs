//! Whoever had the old password has a session and an application's tokens, and keeps neither.

use grantway_tests::{World, request};

#[tokio::test]
async fn sessions_and_tokens_of_before_are_worth_nothing() {
    let world = World::new().await;
    let mut attacker = world.signed_in().await;
    let bought = world.redeem(&world.code("openid offline_access").await).await;
    let (access, refresh) = (bought.member("access_token"), bought.member("refresh_token"));
    let unredeemed = world.code("openid").await;

    let mut person = world.browser();
    let page = person.open("/forgot-password").await;
    person.submit(&page, &[("username", "ada@people.test")]).await;
    let link = world.links("/reset-password").await.remove(0);
    let page = person.open(&link).await;
    let page = person.submit(&page, &[("password", "an entirely new password")]).await;
    assert_eq!(page.answer.status, 200, "{}", page.words());

    // What he agreed to is asked again.
    let mut browser = world.browser();
    let page = browser.open(&format!("/sign-in?{}", sign_in_query())).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", "an entirely new password")]).await;
    assert!(page.words().contains("asks for access"), "{}", page.words());

    assert_eq!(attacker.open("/signed-in").await.url.path(), "/sign-in");
    assert_eq!(world.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(world.redeem(&unredeemed).await.error(), "invalid_grant");
    assert_eq!(world.userinfo(&access).await.status, 401);
}

fn sign_in_query() -> String {
    let back = format!("/oauth/authorize?{}", request("confidential", "openid"));
    url::form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &back).finish()
}
