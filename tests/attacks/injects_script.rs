use grantway_core::client::{Client, ClientAuthentication};
use grantway_tests::{World, request};

const SCRIPT: &str = r#""'><script>alert(1)</script>"#;

#[tokio::test]
async fn what_a_stranger_wrote_is_shown_as_text() {
    let world = World::new().await;
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    let mut client = Client::new("scripted".parse().unwrap(), SCRIPT, ClientAuthentication::None);
    client.redirect_uris = vec!["https://app.test/cb".parse().unwrap()];
    client.scope = "openid".parse().unwrap();
    client.default_scope = client.scope.clone();
    world.declare(client).await;
    let mut signed_in = world.signed_in().await;
    let asked = request("scripted", "openid").replace("state-of-the-client", &encoded);
    let pages = [
        ("the application's name and state", signed_in.open(&format!("/oauth/authorize?{asked}")).await),
        ("an unknown client", world.browser().open(&format!("/oauth/authorize?client_id={encoded}")).await),
        (
            "a redirect",
            world
                .browser()
                .open(&format!("/oauth/authorize?client_id=confidential&redirect_uri={encoded}"))
                .await,
        ),
        (
            "a hint",
            world
                .browser()
                .open(&format!("/oauth/authorize?{}&login_hint={encoded}", request("confidential", "openid")))
                .await,
        ),
        (
            "a return",
            world.browser().open(&format!("/sign-in?return_to=%2F{encoded}&login_hint={encoded}")).await,
        ),
    ];

    for (what, page) in pages {
        assert!(!page.answer.text().contains("<script>alert"), "{what}");
        assert!(page.answer.header("content-type").starts_with("text/html"), "{what}");
    }
}

#[tokio::test]
async fn an_error_is_posted_too_and_what_comes_back_is_escaped() {
    let world = World::new().await;
    let state = "\"><script>alert(1)</script>";
    let query = request("confidential", "openid surprise").replace(
        "state-of-the-client",
        &url::form_urlencoded::byte_serialize(state.as_bytes()).collect::<String>(),
    );

    let mut browser = world.signed_in().await;
    let page = browser.open(&format!("/oauth/authorize?{query}&response_mode=form_post")).await;

    let html = page.answer.text();
    assert_eq!(html.matches("<script").count(), 1, "its own: {html}");
    let fields = page.form().unwrap().fields;
    assert_eq!(fields[0], ("error".to_owned(), "invalid_scope".to_owned()));
    assert_eq!(fields[2], ("state".to_owned(), state.to_owned()));
}
