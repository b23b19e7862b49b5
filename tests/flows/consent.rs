use grantway_core::client::{Client, ClientAuthentication};
use grantway_tests::{PASSWORD, World, request};

#[tokio::test]
async fn what_was_agreed_once_is_not_asked_again() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let address = format!("/oauth/authorize?{}", request("confidential", "openid email"));

    let page = browser.open(&address).await;
    let first = browser.submit(&page, &[("consented", "true")]).await;
    let second = browser.open(&address).await;

    assert!(first.answer.parameter("code").is_some());
    assert!(second.answer.parameter("code").is_some(), "{}", second.words());
}

#[tokio::test]
async fn a_new_scope_is_asked_for() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    browser.submit(&page, &[("consented", "true")]).await;

    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid phone"))).await;

    assert!(page.form().is_some(), "{:?}", page.answer.location());
}

#[tokio::test]
async fn whoever_says_no_sends_the_client_a_denial() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let address = format!("/oauth/authorize?{}", request("confidential", "openid"));

    for answer in ["false", "", "yes", "TRUE"] {
        let page = browser.open(&address).await;
        let back = browser.submit(&page, &[("consented", answer)]).await;
        assert_eq!(back.answer.parameter("error").as_deref(), Some("access_denied"), "{answer:?}");
        assert_eq!(back.answer.parameter("state").as_deref(), Some("state-of-the-client"));
        assert!(back.answer.parameter("iss").is_some());
    }
}

#[tokio::test]
async fn a_public_client_on_loopback_is_asked_about_each_time() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let address = format!("/oauth/authorize?{}", request("public", "openid"));
    let page = browser.open(&address).await;
    browser.submit(&page, &[("consented", "true")]).await;

    let page = browser.open(&address).await;

    assert!(page.form().is_some(), "another program on the machine could use the same redirect");
}

#[tokio::test]
async fn so_is_one_that_is_reached_by_a_scheme_of_its_own() {
    let world = World::new().await;
    let mut client = Client::new("app".parse().unwrap(), "An app", ClientAuthentication::None);
    client.redirect_uris = vec!["com.example.app:/cb".parse().unwrap()];
    client.scope = "openid".parse().unwrap();
    world.declare(client).await;
    let mut browser = world.signed_in().await;
    let asked = request("confidential", "openid")
        .replace("client_id=confidential", "client_id=app")
        .replace("https%3A%2F%2Fapp.test%2Fcb", "com.example.app%3A%2Fcb");
    let address = format!("/oauth/authorize?{asked}");

    let page = browser.open(&address).await;
    let policy = page.answer.header("content-security-policy").to_owned();
    let back = browser.submit(&page, &[("consented", "true")]).await;
    let page = browser.open(&address).await;

    assert!(policy.contains("form-action 'self' com.example.app:;"), "{policy}");
    assert!(back.answer.location().unwrap().starts_with("com.example.app:/cb?code="));
    assert!(page.form().is_some(), "another program on the machine could use the same scheme");
}

#[tokio::test]
async fn the_page_says_who_whither_and_what() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser
        .open(&format!("/oauth/authorize?{}", request("confidential", "openid email offline_access")))
        .await;

    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;

    let words = page.words();
    for said in ["The confidential app", "app.test", "ada@people.test"] {
        assert!(words.contains(said), "{said} is missing in: {words}");
    }
}

#[tokio::test]
async fn a_blank_scope_is_the_default_scope_and_is_asked_about() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;

    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", " "))).await;

    assert!(page.answer.parameter("code").is_none());
    assert!(page.words().contains("email"), "{}", page.words());
}

#[tokio::test]
async fn an_application_that_may_ask_for_nothing_is_asked_about_all_the_same() {
    let world = World::new().await;
    let mut client = Client::new("scopeless".parse().unwrap(), "Scopeless", ClientAuthentication::None);
    client.redirect_uris = vec!["https://app.test/cb".parse().unwrap()];
    world.declare(client).await;
    let asked = request("scopeless", "").replace("scope=&", "");

    let page = world.signed_in().await.open(&format!("/oauth/authorize?{asked}")).await;

    assert!(page.answer.parameter("code").is_none());
    assert!(page.form().is_some(), "{}", page.words());
}

#[tokio::test]
async fn a_request_that_names_our_own_fields_can_still_be_decided() {
    for extra in ["consented=true", "consented=false", "csrf=x"] {
        let world = World::new().await;
        let mut browser = world.signed_in().await;
        let address = format!("/oauth/authorize?{}&{extra}", request("confidential", "openid"));

        let page = browser.open(&address).await;
        let mut fields = page.form().unwrap().fields;
        fields.push(("consented".into(), "false".into()));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let back = browser.post("/v1/me/oauth/consent/confidential", body).await;

        assert_eq!(back.answer.parameter("error").as_deref(), Some("access_denied"), "{extra}");
    }
}
