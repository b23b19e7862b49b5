use std::time::Duration;

use grantway_core::seam::{Clock, Identity, LoginGate, Visit};
use http::{HeaderMap, StatusCode};

use super::{PASSWORD, World};

const AUTHORIZE: &str = "/oauth/authorize?client_id=a&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&state=%26x";

fn visit<'a>(headers: &'a HeaderMap, return_to: &'a str) -> Visit<'a> {
    Visit {
        headers,
        return_to,
        authenticated_since: None,
        chosen_since: None,
        login_hint: None,
        ui_locales: None,
    }
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_is_known_when_he_comes_back() {
    let world = World::new().await;
    let mut browser = world.browser();

    let Identity::SignIn(address) = world.login.identify(visit(&browser.headers(), AUTHORIZE)).await.unwrap()
    else {
        panic!("nobody is signed in");
    };
    let answer = browser.sign_in(&address, "ada", PASSWORD).await;
    let identity = world.login.identify(visit(&browser.headers(), AUTHORIZE)).await.unwrap();

    assert_eq!(answer.location(), AUTHORIZE);
    assert!(matches!(identity, Identity::Known(session) if session.subject.as_str() == "user_ada"));
}

#[tokio::test]
async fn a_sign_in_that_is_too_old_has_to_be_done_again() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in("/sign-in", "ada", PASSWORD).await;
    let headers = browser.headers();
    let signed_in_at = world.clock.now();

    for (since, known) in [
        (signed_in_at.minus(Duration::from_secs(1)), true),
        (signed_in_at, true),
        (signed_in_at.plus(Duration::from_secs(1)), false),
    ] {
        let visit = Visit { authenticated_since: Some(since), ..visit(&headers, AUTHORIZE) };
        let identity = world.login.identify(visit).await.unwrap();
        assert_eq!(matches!(identity, Identity::Known(_)), known, "{since:?}");
    }
}

#[tokio::test]
async fn who_was_disabled_since_is_known_no_more() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in("/sign-in", "ada", PASSWORD).await;

    world.people.disable("ada");
    let identity = world.login.identify(visit(&browser.headers(), AUTHORIZE)).await.unwrap();

    assert!(matches!(identity, Identity::SignIn(_)));
    assert_eq!(browser.get("/signed-in").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_hint_fills_in_the_username_and_cannot_break_out_of_it() {
    let world = World::new().await;
    let headers = HeaderMap::new();
    let hint = "\"><script>alert('1')</script>&";
    let visit = Visit { login_hint: Some(hint), ..visit(&headers, AUTHORIZE) };

    let Identity::SignIn(address) = world.login.identify(visit).await.unwrap() else {
        panic!("nobody is signed in");
    };
    let page = world.browser().get(&address).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script"));
    let (_, rest) = page.body.split_once("type=\"text\" value=\"").unwrap();
    assert_eq!(super::unescape(rest.split_once('"').unwrap().0), hint);
}

#[tokio::test]
async fn an_authorization_request_of_eight_kibibytes_survives_the_sign_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let long = format!("/oauth/authorize?client_id=a&state={}", "%2B".repeat(8 * 1024 / 3));

    let Identity::SignIn(address) = world.login.identify(visit(&browser.headers(), &long)).await.unwrap()
    else {
        panic!("nobody is signed in");
    };
    let failed = browser.sign_in(&address, "ada", "wrong").await;
    let mut fields = failed.hidden();
    fields.insert("username".into(), "ada".into());
    fields.insert("password".into(), PASSWORD.into());
    let answer = browser.post("/sign-in", &fields).await;

    assert_eq!(answer.location(), long);
}

#[tokio::test]
async fn the_pages_policy_allows_the_redirect_that_the_server_vouched_for_and_no_other() {
    let world = World::new().await;
    let headers = HeaderMap::new();
    let Identity::SignIn(address) = world.login.identify(visit(&headers, AUTHORIZE)).await.unwrap() else {
        panic!("nobody is signed in");
    };
    for (address, sources) in [
        (address.clone(), "form-action 'self' https://app.test;"),
        (address.replace("app.test", "evil.test"), "form-action 'self';"),
        (address.split("&voucher").next().unwrap().to_owned(), "form-action 'self';"),
    ] {
        let mut browser = world.browser();

        let page = browser.get(&address).await;
        let failed = browser.sign_in(&address, "ada", "wrong").await;

        assert!(page.header("content-security-policy").contains(sources), "{address}");
        assert!(failed.header("content-security-policy").contains(sources), "{address}");
    }
}
