use grantway_core::http::Language;
use grantway_core::seam::{Identity, LoginGate, Visit};
use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, Request};

use super::{ADDRESS, PASSWORD, World};

#[tokio::test]
async fn a_page_speaks_what_the_browser_prefers() {
    let world = World::new().await;
    for (sent, tag, words) in
        [("de-AT, en;q=0.5", "de", "Anmelden"), ("fr", "fr", "Se connecter"), ("nl", "en", "Sign in")]
    {
        for (method, path) in
            [("GET", ADDRESS), ("GET", "/sign-in?return_to=%"), ("PUT", "/sign-in"), ("POST", "/sign-out")]
        {
            let request = Request::builder().method(method).uri(path).header(ACCEPT_LANGUAGE, sent);
            let page = world.send(request.body("".into()).unwrap()).await;

            assert!(page.body.starts_with(&format!("<!doctype html>\n<html lang=\"{tag}\">")), "{path}");
            assert_eq!(page.header("content-language"), tag);
            assert_eq!(page.header("vary"), "Accept-Language");
            assert!(path != ADDRESS || page.body.contains(&format!("<h1>{words}</h1>")), "{path}");
        }
    }
}

#[tokio::test]
async fn what_the_application_asked_for_lasts_to_the_end_of_a_sign_in() {
    let world = World::new().await;
    let headers = HeaderMap::new();
    let visit = |ui_locales| Visit {
        headers: &headers,
        return_to: "/oauth/authorize?client_id=a",
        authenticated_since: None,
        chosen_since: None,
        login_hint: None,
        ui_locales,
    };
    let Identity::SignIn(address) = world.login.identify(visit(Some("nl fr-CA de"))).await.unwrap() else {
        panic!("nobody is signed in");
    };
    let Identity::SignIn(unspoken) = world.login.identify(visit(Some("nl \"><script>"))).await.unwrap()
    else {
        panic!("nobody is signed in");
    };

    let mut browser = world.browser();
    let failed = browser.sign_in(&address, "ada", "wrong").await;
    let stale = browser.post("/sign-in", &[("ui_locales".to_owned(), "fr".to_owned())].into()).await;

    assert!(address.ends_with("&ui_locales=fr"), "{address}");
    assert!(!unspoken.contains("ui_locales"), "{unspoken}");
    assert!(failed.body.contains("<html lang=\"fr\">"));
    assert_eq!(failed.hidden()["ui_locales"], "fr");
    assert!(stale.body.contains("Veuillez vous connecter à nouveau"), "{}", stale.body);
    assert!(stale.body.contains("/sign-in?ui_locales=fr"), "{}", stale.body);
}

#[tokio::test]
async fn who_signs_in_for_no_application_is_spoken_to_alike_until_he_has_left() {
    let world = World::new().await;
    let mut browser = world.browser();

    let signed_in = browser.sign_in("/sign-in?ui_locales=de", "ada", PASSWORD).await.location().to_owned();
    let page = browser.get(&signed_in).await;
    let signed_out = browser.post("/sign-out", &page.hidden()).await;

    assert_eq!(signed_in, "/signed-in?ui_locales=de");
    assert!(page.body.contains("Sie sind als ada angemeldet."), "{}", page.body);
    assert_eq!(signed_out.location(), "/sign-in?ui_locales=de");
}

#[tokio::test]
async fn whoever_has_to_wait_is_told_how_long_in_every_language() {
    let world = World::new().await;
    world.throttle.exhausted.store(true, std::sync::atomic::Ordering::SeqCst);
    for language in Language::ALL {
        let address = format!("{ADDRESS}&ui_locales={}", language.tag());
        let page = world.browser().sign_in(&address, "ada", PASSWORD).await;

        assert_eq!(page.header("content-language"), language.tag());
        assert!(page.body.contains("42 se") || page.body.contains("42 Se"), "{}", page.body);
    }
}
