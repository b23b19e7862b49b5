//! Whoever had the old password has a session and an application's tokens, and keeps neither.

use std::sync::Arc;
use std::time::Duration;

use grantway_tests::{World, request};
use tokio::sync::Notify;

#[tokio::test]
async fn sessions_and_tokens_of_before_are_worth_nothing() {
    let world = World::new().await;
    let mut attacker = world.signed_in().await;
    let bought = world.redeem(&world.code("openid offline_access").await).await;
    let (access, refresh) = (bought.member("access_token"), bought.member("refresh_token"));
    let unredeemed = world.code("openid").await;

    reset(&world).await;

    assert_asked_again(&world).await;

    assert_eq!(attacker.open("/signed-in").await.url.path(), "/sign-in");
    assert_eq!(world.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(world.redeem(&unredeemed).await.error(), "invalid_grant");
    assert_eq!(world.userinfo(&access).await.status, 401);
}

#[tokio::test]
async fn a_code_that_was_on_its_way_meanwhile_arrives_nowhere() {
    for prompt in ["", "&prompt=none"] {
        let world = Arc::new(World::new().await);
        let mut attacker = world.signed_in().await;
        let address = format!("/oauth/authorize?{}{prompt}", request("confidential", "openid"));
        world.code("openid").await;

        let resetting = Arc::clone(&world);
        world.before_a_code(async move { reset(&resetting).await });
        let page = attacker.open(&address).await;

        assert!(page.answer.parameter("code").is_none(), "{:?}", page.answer.location());
        let error = page.answer.parameter("error");
        assert_eq!(error.as_deref(), (!prompt.is_empty()).then_some("login_required"));
        assert_eq!(page.url.path() == "/sign-in", prompt.is_empty(), "{}", page.words());
        assert_asked_again(&world).await;
    }
}

#[tokio::test]
async fn what_he_agrees_to_meanwhile_is_agreed_by_nobody() {
    let world = Arc::new(World::new().await);
    let mut attacker = world.signed_in().await;
    let page = attacker.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;

    let resetting = Arc::clone(&world);
    world.before_an_agreement(async move { reset(&resetting).await });
    let page = attacker.submit(&page, &[("consented", "true")]).await;

    assert!(page.answer.parameter("code").is_none(), "{:?}", page.answer.location());
    assert_asked_again(&world).await;
}

#[tokio::test]
async fn nor_if_he_goes_away_before_he_is_answered() {
    let world = Arc::new(World::new().await);
    let mut attacker = world.signed_in().await;
    let page = attacker.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;

    let (begun, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (resetting, begins, ended) = (Arc::clone(&world), Arc::clone(&begun), Arc::clone(&done));
    world.before_an_agreement(async move {
        begins.notify_one();
        reset(&resetting).await;
        ended.notify_one();
    });
    tokio::select! {
        page = attacker.submit(&page, &[("consented", "true")]) => panic!("{}", page.words()),
        () = begun.notified() => {}
    }
    tokio::time::timeout(Duration::from_mins(1), done.notified()).await.expect("it goes on without him");

    assert_asked_again(&world).await;
}

/// By the person, through her mail.
async fn reset(world: &World) {
    let mut person = world.browser();
    let page = person.open("/forgot-password").await;
    person.submit(&page, &[("username", "ada@people.test")]).await;
    let link = world.links("/reset-password").await.remove(0);
    let page = person.open(&link).await;
    let page = person.submit(&page, &[("password", NEW)]).await;
    assert_eq!(page.answer.status, 200, "{}", page.words());
}

/// What he agreed to is forgotten.
async fn assert_asked_again(world: &World) {
    let mut browser = world.browser();
    let page = browser.open(&format!("/sign-in?{}", sign_in_query())).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", NEW)]).await;
    assert!(page.words().contains("asks for access"), "{}", page.words());
}

const NEW: &str = "an entirely new password";

fn sign_in_query() -> String {
    let back = format!("/oauth/authorize?{}", request("confidential", "openid"));
    url::form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &back).finish()
}
