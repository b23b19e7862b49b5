use grantway_core::audit::Event;
use grantway_tests::{PASSWORD, World, request};

const CONFIDENTIAL: Option<(&str, &str)> = Some(("confidential", "sesame"));

#[tokio::test]
async fn an_application_whose_access_is_taken_back_holds_nothing_and_has_to_ask_again() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid email offline_access").await).await;
    let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));
    let unredeemed = world.code("openid email").await;
    world.authorize(&request("other", "openid phone")).await;
    assert_eq!(world.userinfo(&access).await.status, 200);
    let mut browser = world.signed_in().await;

    let page = browser.open("/account").await;
    let form = page.form_to("/account/applications/take-back").expect("it is listed");
    let taken_back = browser.fill_in(form, &[]).await;

    for words in ["see your email address", "keep access while you are away", "see your phone number"] {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
    assert_eq!(taken_back.url.path(), "/account", "a reload posts nothing");
    assert!(taken_back.words().contains("The access is taken back."), "{}", taken_back.words());
    assert!(!taken_back.words().contains("see your email address"));
    assert!(taken_back.words().contains("see your phone number"), "the other application's stays");
    assert_eq!(world.userinfo(&access).await.status, 401);
    assert_eq!(world.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(world.redeem(&unredeemed).await.error(), "invalid_grant");
    let introspected = world.post("/oauth/token_info", CONFIDENTIAL, &[("token", &access)]).await;
    assert_eq!(introspected.json()["active"], false);
    let asked = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid email"))).await;
    assert!(asked.words().contains("asks for access"), "{}", asked.words());
    let told = world.audit.events().into_iter().any(|event| {
        matches!(event, Event::ConsentRevoked { client_id, grants: 2, .. } if client_id.as_str() == "confidential")
    });
    assert!(told);
}

#[tokio::test]
async fn a_session_that_is_ended_from_elsewhere_has_to_sign_in_again() {
    let world = World::new().await;
    let (mut here, mut there) = (world.signed_in().await, world.signed_in().await);
    let address = format!("/oauth/authorize?{}", request("confidential", "openid"));

    let page = here.open("/account").await;
    let ended = here.fill_in(page.form_to("/account/sessions/end").expect("it is listed"), &[]).await;

    assert!(ended.words().contains("You are signed out there."), "{}", ended.words());
    assert!(here.open(&address).await.words().contains("asks for access"));
    assert_eq!(there.open(&address).await.url.path(), "/sign-in");
}

#[tokio::test]
async fn a_changed_password_is_the_only_one_and_ends_every_other_session() {
    let world = World::new().await;
    let (mut here, mut there) = (world.signed_in().await, world.signed_in().await);
    let new = "quite another password";

    let page = here.open("/account").await;
    let form = page.form_to("/account/password").expect("she has a password");
    let changed = here.fill_in(form, &[("current_password", PASSWORD), ("new_password", new)]).await;

    assert!(changed.words().contains("The password is changed"), "{}", changed.words());
    assert_eq!(there.open("/account").await.url.path(), "/sign-in");
    for (password, known) in [(PASSWORD, false), (new, true)] {
        let mut browser = world.browser();
        let page = browser.open("/sign-in").await;
        let page = browser.submit(&page, &[("username", "ada"), ("password", password)]).await;
        assert_eq!(page.url.path() == "/signed-in", known, "{}", page.words());
    }
}
