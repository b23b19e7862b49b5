use http::{Method, StatusCode};

use super::{ADDRESS, PASSWORD, World};

#[tokio::test]
async fn a_form_from_another_origin_does_nothing() {
    let world = World::new().await;
    for origin in ["https://evil.test", "null", "http://op.test", "https://op.test:444", ""] {
        let mut browser = world.browser();
        let fields = browser.fill_in(ADDRESS, "ada", PASSWORD).await;

        let answer = browser.ask(Method::POST, "/sign-in", Some(&fields), Some(origin)).await;

        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(world.sessions.alive().is_empty());
    assert_eq!(world.check.taken(), 0);
}

#[tokio::test]
async fn a_form_that_our_page_did_not_make_does_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let whole = browser.fill_in(ADDRESS, "ada", PASSWORD).await;
    for (what, name, value) in [
        ("no token", "csrf", ""),
        ("another token", "csrf", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("moved to another destination", "return_to", "/elsewhere"),
        ("moved to no destination", "return_to", ""),
    ] {
        let mut fields = whole.clone();
        fields.insert(name.into(), value.into());

        let answer = browser.post("/sign-in", &fields).await;

        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
    }
    assert!(world.sessions.alive().is_empty());
    assert_eq!(world.check.taken(), 0);
}

#[tokio::test]
async fn a_form_sent_to_one_browser_is_good_in_no_other() {
    let world = World::new().await;
    let fields = world.browser().fill_in(ADDRESS, "ada", PASSWORD).await;
    let mut other = world.browser();
    other.get(ADDRESS).await;
    let mut without_cookies = world.browser();

    let from_other = other.post("/sign-in", &fields).await;
    let from_none = without_cookies.post("/sign-in", &fields).await;

    assert_eq!(from_other.status, StatusCode::FORBIDDEN);
    assert_eq!(from_none.status, StatusCode::FORBIDDEN);
    assert!(world.sessions.alive().is_empty());
}

#[tokio::test]
async fn a_form_that_is_too_old_leads_back_to_where_it_was() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut fields = browser.fill_in(ADDRESS, "ada", PASSWORD).await;
    fields.remove("csrf");

    let stale = browser.post("/sign-in", &fields).await;
    let back =
        stale.body.split_once("<a class=\"button\" href=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let again = browser.sign_in(&back, "ada", PASSWORD).await;

    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    assert!(stale.body.contains("too old, or it came from somewhere else"));
    assert_eq!(again.location(), "/oauth/authorize?client_id=a");
}

#[tokio::test]
async fn nobody_is_signed_out_by_another_site() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in("/sign-in", "ada", PASSWORD).await;
    let fields = browser.get("/signed-in").await.hidden();
    let mut other = world.browser();
    other.sign_in("/sign-in", "ada", PASSWORD).await;
    let others = other.get("/signed-in").await.hidden();

    for (fields, origin) in
        [(&fields, "https://evil.test"), (&others, "https://op.test"), (&[].into(), "https://op.test")]
    {
        let answer = browser.ask(Method::POST, "/sign-out", Some(fields), Some(origin)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(browser.get("/signed-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_wrote_the_link_nobody_is_sent_away_from_our_origin() {
    let world = World::new().await;
    for destination in
        ["//evil.test", "/\\evil.test", "https:evil.test", "https://evil.test", "/..//evil.test"]
    {
        let address = format!("/sign-in?return_to={}", destination.replace('/', "%2F").replace('\\', "%5C"));

        let answer = world.browser().sign_in(&address, "ada", PASSWORD).await;

        assert_eq!(answer.location(), "/signed-in", "{destination}");
    }
}
