use std::time::Duration;

use grantway_core::account::PasswordHash;
use grantway_core::audit::Event;
use grantway_core::seam::Clock;
use http::StatusCode;
use http::header::SET_COOKIE;

use super::{ADDRESS, PASSWORD, World};
use crate::pool::Pool;
use crate::{ACR_PASSWORD, SESSION_LIFETIME};

#[tokio::test]
async fn the_right_password_begins_a_session_and_leads_back() {
    let world = World::new().await;
    let mut browser = world.browser();

    let answer = browser.sign_in(ADDRESS, " Ada ", PASSWORD).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/oauth/authorize?client_id=a");
    assert_eq!(answer.header("cache-control"), "no-store");
    let session = world.sessions.alive().pop().unwrap();
    assert_eq!(session.subject.as_str(), "user_ada");
    assert_eq!(session.auth_time, world.clock.now());
    assert_eq!(session.expires_at, world.clock.now().plus(SESSION_LIFETIME));
    assert_eq!((session.acr.as_str(), session.amr), (ACR_PASSWORD, vec!["pwd".to_owned()]));
    let signed_in = Event::SignedIn { subject: session.subject, sid: session.sid };
    assert_eq!(world.audit.events(), [signed_in]);
}

#[tokio::test]
async fn a_session_cookie_from_before_is_worth_nothing_after_the_sign_in() {
    let world = World::new().await;
    let mut attacker = world.browser();
    attacker.sign_in(ADDRESS, "ada", PASSWORD).await;
    let planted = attacker.cookies["__Host-grantway_session"].clone();
    let mut victim = world.browser();
    victim.cookies.insert("__Host-grantway_session".into(), planted.clone());

    victim.sign_in(ADDRESS, "ada", PASSWORD).await;

    assert_ne!(victim.cookies["__Host-grantway_session"], planted);
    assert_eq!(world.sessions.alive().len(), 1);
    assert_eq!(attacker.get("/signed-in").await.status, StatusCode::SEE_OTHER);
    assert_eq!(victim.get("/signed-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_signs_in_again_keeps_the_name_of_the_sign_in_and_somebody_else_gets_another() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut name_after = async |name| {
        browser.sign_in(ADDRESS, name, PASSWORD).await;
        let mut alive = world.sessions.alive();
        assert_eq!(alive.len(), 1);
        alive.pop().unwrap().sid
    };

    let (first, again, other) = (name_after("ada").await, name_after("ada").await, name_after("bob").await);

    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_failed_sign_in_leaves_the_session_alone() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in(ADDRESS, "ada", PASSWORD).await;

    let failed = browser.sign_in(ADDRESS, "ada", "wrong").await;

    assert!(!failed.headers.contains_key(SET_COOKIE));
    assert_eq!(browser.get("/signed-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn cookies_belong_to_the_host_on_https_and_are_plain_on_loopback() {
    for (issuer, browser_cookie, session_cookie) in [
        (
            "https://op.test",
            "__Host-grantway_browser=…; HttpOnly; SameSite=Lax; Secure; Path=/",
            "__Host-grantway_session=…; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1209600",
        ),
        (
            "http://127.0.0.1:8080",
            "grantway_browser=…; HttpOnly; SameSite=Lax; Path=/",
            "grantway_session=…; HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600",
        ),
    ] {
        let world = World::at(issuer, Pool::new()).await;
        let mut browser = world.browser();

        let page = browser.get(ADDRESS).await;
        let signed_in = browser.sign_in(ADDRESS, "ada", PASSWORD).await;

        for (answer, expected) in [(page, browser_cookie), (signed_in, session_cookie)] {
            let set = answer.header("set-cookie");
            let (name, rest) = set.split_once('=').unwrap();
            let (_, attributes) = rest.split_once(';').unwrap();
            assert_eq!(format!("{name}=…;{attributes}"), expected);
        }
    }
}

#[tokio::test]
async fn a_browser_is_named_once() {
    let world = World::new().await;
    let mut browser = world.browser();

    let first = browser.get(ADDRESS).await;
    let second = browser.get(ADDRESS).await;

    assert!(first.headers.contains_key(SET_COOKIE));
    assert!(!second.headers.contains_key(SET_COOKIE));
    assert_eq!(first.hidden(), second.hidden());
}

#[tokio::test]
async fn who_signs_in_for_no_application_sees_who_he_is_and_can_sign_out() {
    let world = World::new().await;
    let mut browser = world.browser();
    let signed_in = browser.sign_in("/sign-in", "ada", PASSWORD).await;
    assert_eq!(signed_in.location(), "/signed-in");

    let page = browser.get("/signed-in").await;
    let signed_out = browser.post("/sign-out", &page.hidden()).await;

    assert!(page.body.contains("You are signed in as ada."));
    assert_eq!(signed_out.location(), "/sign-in");
    assert!(!browser.cookies.contains_key("__Host-grantway_session"));
    assert!(world.sessions.alive().is_empty());
    assert_eq!(browser.get("/signed-in").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_after_its_time() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in(ADDRESS, "ada", PASSWORD).await;
    let end = world.clock.now().plus(SESSION_LIFETIME);

    world.clock.set(end.minus(Duration::from_secs(1)));
    let before = browser.get("/signed-in").await;
    world.clock.set(end);
    let after = browser.get("/signed-in").await;

    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(after.location(), "/sign-in");
}

#[tokio::test]
async fn a_password_that_is_changed_while_it_is_looked_at_begins_no_session() {
    let world = World::new().await;
    let people = std::sync::Arc::clone(&world.people);
    let change = move || people.change("ada", |_, hash| *hash = Some(PasswordHash::new("another")));
    *world.check.meanwhile.lock().unwrap() = Some(Box::new(change));

    let answer = world.browser().sign_in(ADDRESS, "ada", PASSWORD).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(world.sessions.alive().is_empty());
    assert_eq!(world.failures(), ["outdated_password"]);
}
