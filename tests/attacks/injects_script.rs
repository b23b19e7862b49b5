use grantway_core::client::{Client, ClientAuthentication};
use grantway_tests::{Front, PASSWORD, World, request};
use tempfile::TempDir;

use crate::program::grantway;
use crate::program::serving::Serving;

const SCRIPT: &str = r#""'><script>alert(1)</script>"#;
/// RFC 6749 section 3.3 allows all of it in the name of a scope.
const SCOPE: &str = "'><script>alert(1)</script>";

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

/// What an operator wrote may have come from anywhere: a person's name from a directory, an application's from a
/// form.
#[tokio::test]
async fn what_is_known_of_people_and_applications_is_shown_as_text_on_every_page_of_a_server() {
    let folder = TempDir::new().unwrap();
    let script = toml_string(SCRIPT);
    let email = toml_string(&format!("{SCRIPT}@people.test"));
    let text = format!(
        "[server]\nissuer = \"{}\"\nname = {script}\n\
         [[account]]\nusername = {script}\nemail = {email}\npassword = \"{PASSWORD}\"\n\
         [account.claims]\nname = {script}\ngiven_name = {script}\npicture = {script}\n\
         [[application]]\nclient_id = \"confidential\"\nclient_secret = \"sesame\"\nclient_name = {script}\n\
         client_uri = {script}\nredirect_uris = [\"https://app.test/cb\"]\n\
         scope = \"openid profile email {SCOPE}\"\n",
        grantway_tests::ISSUER,
    );
    std::fs::write(folder.path().join("grantway.toml"), text).unwrap();
    let serving = Serving::of(grantway(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]));
    let front = Front::at(vec![serving.address()]);
    let mut browser = front.browser();
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();

    let sign_in = browser.open("/sign-in").await;
    let refused = browser.submit(&sign_in, &[("username", SCRIPT), ("password", "wrong")]).await;
    let signed_in = browser.submit(&refused, &[("username", SCRIPT), ("password", PASSWORD)]).await;
    let mut pages = vec![("a wrong password", refused), ("signed in", signed_in)];
    let asked = format!("/oauth/authorize?{}", request("confidential", &format!("openid email {SCOPE}")));
    let consent = browser.open(&asked).await;
    browser.submit(&consent, &[("consented", "true")]).await;
    let account = browser.open("/account").await;
    let take_back = account.form_to("/account/applications/take-back").unwrap();
    pages.push(("consent", consent));
    pages.push(("the account", account));
    pages.push(("a form that is not ours", browser.fill_in(take_back, &[("client_id", SCRIPT)]).await));
    for (what, address) in [
        ("a choice of accounts", "/choose-account".to_owned()),
        ("a choice for an application", format!("{asked}&prompt=select_account")),
        ("logout", format!("/oauth/logout?state={encoded}&client_id=confidential")),
        ("a wrong logout", format!("/oauth/logout?client_id={encoded}&post_logout_redirect_uri={encoded}")),
        ("nothing", format!("/{}", encoded.replace('+', "%20"))),
        ("the demo", "/demo".to_owned()),
        (
            "the end of the demo",
            format!("/demo/callback?error={encoded}&error_description={encoded}&state=x"),
        ),
    ] {
        pages.push((what, browser.open(&address).await));
    }

    for (what, page) in &pages {
        let html = page.answer.text();
        assert!(!html.contains("<script>alert") && !html.contains("'><"), "{what}: {html}");
        // Where there is a page at all, the service's name stands on it.
        assert!(page.answer.status == 404 || html.contains("alert(1)"), "{what}: {html}");
    }
    assert!(pages[1].1.words().contains("<script>alert(1)</script>"), "it is shown: {}", pages[1].1.words());
    assert!(pages[2].1.words().contains("<script>alert(1)</script>"), "it is shown: {}", pages[2].1.words());
}

/// A literal of TOML with everything in it escaped.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
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
