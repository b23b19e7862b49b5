use grantway_core::audit::Event;
use grantway_tests::{Browser, Page, World, request};

pub(crate) const LOGOUT: &str = "/oauth/logout";

/// Somebody who has signed in to the confidential application, and his ID token.
pub(crate) async fn arrived(world: &World) -> (Browser, String) {
    let mut browser = world.signed_in().await;
    let id_token = sign_in_again(world, &mut browser).await;
    (browser, id_token)
}

async fn sign_in_again(world: &World, browser: &mut Browser) -> String {
    let mut page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    if page.answer.location().is_none() {
        page = browser.submit(&page, &[("consented", "true")]).await;
    }
    world.redeem(&page.answer.parameter("code").unwrap()).await.member("id_token")
}

pub(crate) fn wish(parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{LOGOUT}?{query}")
}

pub(crate) async fn is_signed_in(browser: &mut Browser) -> bool {
    let silent = format!("/oauth/authorize?{}&prompt=none", request("confidential", "openid"));
    browser.open(&silent).await.answer.parameter("error").as_deref() != Some("login_required")
}

pub(crate) fn leads_away(page: &Page) -> Option<&str> {
    page.answer.location()
}

#[tokio::test]
async fn an_application_that_shows_its_id_token_signs_the_person_out_without_a_question() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;

    let page = browser
        .open(&wish(&[
            ("id_token_hint", &id_token),
            ("post_logout_redirect_uri", "https://app.test/bye"),
            ("state", "s&1"),
        ]))
        .await;

    assert_eq!(leads_away(&page), Some("https://app.test/bye?state=s%261"));
    assert!(!is_signed_in(&mut browser).await);
    let told = world.audit.events();
    let out = told.iter().any(|event| matches!(event, Event::SignedOut { client_id: Some(_), .. }));
    assert!(out, "the operator is told");
}

#[tokio::test]
async fn without_a_state_none_goes_back_and_without_an_address_there_is_a_page() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;
    let bye = ("post_logout_redirect_uri", "https://app.test/bye");

    let page = browser.open(&wish(&[("id_token_hint", &id_token), bye])).await;
    assert_eq!(leads_away(&page), Some("https://app.test/bye"));

    let (mut browser, id_token) = arrived(&world).await;
    let page = browser.open(&wish(&[("id_token_hint", &id_token)])).await;
    assert_eq!(page.answer.status, 200);
    assert!(page.words().contains("You are signed out"), "{}", page.words());
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_id_token_that_has_expired_still_says_who_it_was() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;

    world.clock.advance(std::time::Duration::from_hours(24));
    browser.open(&wish(&[("id_token_hint", &id_token)])).await;

    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn whoever_shows_no_id_token_has_to_ask_the_person() {
    let world = World::new().await;
    for parameters in [
        &[][..],
        &[("state", "alone")],
        &[("client_id", "confidential"), ("post_logout_redirect_uri", "https://app.test/bye")],
    ] {
        let (mut browser, _) = arrived(&world).await;

        let page = browser.open(&wish(parameters)).await;
        assert_eq!(page.answer.status, 200);
        assert!(page.words().contains("Sign out?"), "{}", page.words());
        let stayed = browser.submit(&page, &[("confirmed", "false")]).await;
        assert!(stayed.words().contains("still signed in"), "{}", stayed.words());
        assert!(is_signed_in(&mut browser).await);

        let page = browser.open(&wish(parameters)).await;
        let left = browser.submit(&page, &[("confirmed", "true")]).await;
        match parameters {
            [_, (_, bye)] => assert_eq!(leads_away(&left), Some(*bye)),
            _ => assert!(left.words().contains("You are signed out"), "{}", left.words()),
        }
        assert!(!is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_on_at_once() {
    let world = World::new().await;
    let (_, id_token) = arrived(&world).await;
    let mut stranger = world.browser();

    let bye = ("post_logout_redirect_uri", "https://app.test/bye");
    let page = stranger.open(&wish(&[("id_token_hint", &id_token), bye])).await;
    assert_eq!(leads_away(&page), Some("https://app.test/bye"));
    let page = stranger.open(LOGOUT).await;

    assert!(page.words().contains("You are signed out"), "{}", page.words());
}

#[tokio::test]
async fn an_application_may_post_what_it_wishes() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;
    let query = wish(&[("id_token_hint", &id_token), ("post_logout_redirect_uri", "https://app.test/bye")]);
    let body = query.split_once('?').unwrap().1.to_owned();

    let page = browser.post(LOGOUT, body).await;
    assert!(page.words().contains("Signing out"), "{}", page.words());
    assert!(is_signed_in(&mut browser).await, "so far another site could have posted it");
    let page = browser.submit(&page, &[]).await;

    assert_eq!(leads_away(&page), Some("https://app.test/bye"));
    assert!(!is_signed_in(&mut browser).await);
}
