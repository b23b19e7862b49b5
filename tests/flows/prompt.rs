use std::time::Duration;

use grantway_core::seam::Clock;
use grantway_tests::{PASSWORD, World, claims_of, request};

#[tokio::test]
async fn none_never_shows_a_page() {
    let world = World::new().await;
    let asked = format!("/oauth/authorize?{}&prompt=none", request("confidential", "openid"));

    let stranger = world.browser().open(&asked).await;
    assert_eq!(stranger.answer.parameter("error").as_deref(), Some("login_required"));

    let mut browser = world.signed_in().await;
    let undecided = browser.open(&asked).await;
    assert_eq!(undecided.answer.parameter("error").as_deref(), Some("consent_required"));

    let page = browser.open(&asked.replace("&prompt=none", "")).await;
    browser.submit(&page, &[("consented", "true")]).await;
    let silent = browser.open(&asked).await;
    assert!(silent.answer.parameter("code").is_some(), "{:?}", silent.answer.location());

    let more = format!("/oauth/authorize?{}", request("confidential", "openid offline_access"));
    let page = browser.open(&more).await;
    browser.submit(&page, &[("consented", "true")]).await;
    let silent = browser.open(&format!("{more}&prompt=none")).await;
    let tokens = world.redeem(&silent.answer.parameter("code").unwrap()).await;
    assert!(tokens.json()["refresh_token"].is_string(), "{}", tokens.text());
}

#[tokio::test]
async fn login_asks_once_more_and_once_only() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.advance(Duration::from_secs(5));

    let page =
        browser.open(&format!("/oauth/authorize?{}&prompt=login", request("confidential", "openid"))).await;
    assert!(page.url.path().contains("sign-in"), "{}", page.url);
    world.clock.advance(Duration::from_secs(5));
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let back = browser.submit(&page, &[("consented", "true")]).await;

    let tokens = world.redeem(&back.answer.parameter("code").unwrap()).await;
    let claims = claims_of(&tokens.member("id_token"));
    assert_eq!(claims["auth_time"], claims["iat"], "signed in a moment ago");
}

#[tokio::test]
async fn an_old_note_or_a_forged_one_does_not_replace_a_sign_in() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.advance(Duration::from_secs(5));
    let asked = format!("/oauth/authorize?{}&prompt=login", request("confidential", "openid"));
    let page = browser.open(&asked).await;
    let back = page.parameter("return_to").unwrap();
    let (_, note) = back.rsplit_once("&resume=").unwrap();
    let other = asked.replace("openid", "openid+email");

    let forged = browser.open(&format!("{asked}&resume=AAAA")).await;
    let without_signing_in = browser.open(&back).await;
    world.clock.advance(Duration::from_secs(5));
    browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    let moved = browser.open(&format!("{other}&resume={note}")).await;
    let honest = browser.open(&back).await;
    world.clock.advance(Duration::from_hours(1));
    let old = browser.open(&back).await;

    for (what, page) in [("forged", forged), ("without", without_signing_in), ("moved", moved), ("old", old)]
    {
        assert!(page.url.path().contains("sign-in"), "{what}: {}", page.url);
    }
    assert!(honest.words().contains("asks for access"), "{}", honest.url);
}

#[tokio::test]
async fn max_age_asks_again_when_the_sign_in_is_older() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.advance(Duration::from_secs(100));
    let asked =
        |max_age: u32| format!("/oauth/authorize?{}&max_age={max_age}", request("confidential", "openid"));

    let young_enough = browser.open(&asked(100)).await;
    assert!(young_enough.url.path().contains("authorize"), "{}", young_enough.url);
    let too_old = browser.open(&asked(99)).await;
    assert!(too_old.url.path().contains("sign-in"), "{}", too_old.url);
    let silent = browser.open(&format!("{}&prompt=none", asked(0))).await;
    assert_eq!(silent.answer.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn consent_asks_although_it_was_agreed() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let asked = format!("/oauth/authorize?{}", request("confidential", "openid"));
    let page = browser.open(&asked).await;
    browser.submit(&page, &[("consented", "true")]).await;

    let page = browser.open(&format!("{asked}&prompt=consent")).await;

    assert!(page.form().is_some());
}

#[tokio::test]
async fn none_with_anything_else_is_no_request() {
    let world = World::new().await;

    for prompt in ["none+login", "none+consent", "none+select_account", "surprise"] {
        let asked = format!("/oauth/authorize?{}&prompt={prompt}", request("confidential", "openid"));
        let back = world.browser().open(&asked).await;
        assert_eq!(back.answer.parameter("error").as_deref(), Some("invalid_request"), "{prompt}");
    }
}

#[tokio::test]
async fn whoever_reads_the_consent_page_for_long_need_not_sign_in_again() {
    let world = World::new().await;
    let mut browser = world.browser();
    let asked = format!("/oauth/authorize?{}&max_age=20", request("confidential", "openid"));

    let page = browser.open(&asked).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    world.clock.advance(Duration::from_secs(30));
    let back = browser.submit(&page, &[("consented", "true")]).await;

    assert!(back.answer.parameter("code").is_some(), "sent to {}", back.url);
}

#[tokio::test]
async fn select_account_lets_her_go_on_or_sign_in_as_somebody_else_and_asks_once_only() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.clock.advance(Duration::from_secs(5));
    let asked = format!("/oauth/authorize?{}&prompt=select_account", request("confidential", "openid"));

    let page = browser.open(&asked).await;
    assert_eq!(page.url.path(), "/choose-account");
    assert!(page.words().contains("Ada Lovelace (ada@people.test)"), "{}", page.words());
    assert!(page.answer.text().contains("href=\"/sign-in?"), "another account");
    world.clock.advance(Duration::from_mins(1));
    let page = browser.submit(&page, &[]).await;
    let back = browser.submit(&page, &[("consented", "true")]).await;

    let tokens = world.redeem(&back.answer.parameter("code").expect("a code")).await;
    let claims = claims_of(&tokens.member("id_token"));
    assert_ne!(claims["auth_time"], claims["iat"], "choosing is not signing in");
    assert_eq!(browser.open(&asked).await.url.path(), "/choose-account", "the next request asks again");
}

#[tokio::test]
async fn select_account_of_somebody_who_signs_in_for_it_is_no_second_question() {
    let world = World::new().await;
    let mut browser = world.browser();
    let asked = format!("/oauth/authorize?{}&prompt=select_account", request("confidential", "openid"));

    let page = browser.open(&asked).await;
    assert_eq!(page.url.path(), "/sign-in");
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;

    assert!(page.answer.text().contains("name=\"consented\""), "{}", page.words());
}

#[tokio::test]
async fn a_choice_counts_for_the_sign_in_that_was_chosen_and_cannot_be_planted() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let later = world.clock.now().plus(Duration::from_hours(1)).unix();
    let asked = format!("/oauth/authorize?{}&prompt=select_account", request("confidential", "openid"));

    browser.plant_cookie("grantway_choice", &format!("{later}.AAAA"));
    let page = browser.open(&asked).await;
    assert_eq!(page.url.path(), "/choose-account");
    // A form of another sign-in, shown to this one.
    let mut other = world.signed_in().await;
    let theirs = other.open(&asked).await;
    let answer = browser.submit(&theirs, &[]).await;

    assert_eq!(answer.answer.status, 403, "{}", answer.words());
}
