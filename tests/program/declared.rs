//! What the file declares, at a second start that finds something else in it.

use std::fs;
use std::path::Path;

use grantway_tests::{Answer, Front, PASSWORD, request};
use tempfile::TempDir;

use super::grantway;
use super::serving::Serving;

#[tokio::test]
async fn a_start_puts_what_applications_are_declared_to_be_now_in_the_place_of_what_was() {
    let folder = TempDir::new().unwrap();
    let first = Served::start(folder.path(), &application("The shop", "first-secret", "https://a.test/cb"));
    assert_eq!(first.token("first-secret").await.status, 200);
    let grant = first.refresh_token("first-secret", "https://a.test/cb").await;
    drop(first);

    let second = application("The market", "second-secret", "https://b.test/cb");
    for served in [Served::start(folder.path(), &second), Served::start(folder.path(), &second)] {
        let page = served
            .front
            .signed_in()
            .await
            .open(&format!("{}&prompt=consent", asked("https://b.test/cb")))
            .await;
        let old_address = served.front.browser().open(&asked("https://a.test/cb")).await;

        assert!(page.words().contains("The market"), "{}", page.words());
        assert_eq!(old_address.answer.status, 400, "{}", old_address.words());
        assert_eq!(served.token("second-secret").await.status, 200);
        assert_eq!(served.token("first-secret").await.error(), "invalid_client");
    }
    let third = Served::start(folder.path(), &second);
    let refreshed = third.refresh("second-secret", &grant).await;
    assert_eq!(refreshed.status, 200, "what people agreed to stays: {}", refreshed.text());
}

#[tokio::test]
async fn a_start_makes_an_account_that_is_not_there_and_leaves_one_that_is_as_it_is() {
    let folder = TempDir::new().unwrap();
    drop(Served::start(folder.path(), &application("The shop", "s", "https://a.test/cb")));
    let changed = application("The shop", "s", "https://a.test/cb")
        .replace(PASSWORD, "another password")
        .replace("Ada Lovelace", "Somebody else");
    let added = "[[account]]\nusername = \"grace\"\npassword = \"another password\"\n";

    let served = Served::start(folder.path(), &format!("{changed}{added}"));

    let ada = signs_in(&served.front, "ada", PASSWORD).await;
    assert!(ada.contains("Ada Lovelace"), "{ada}");
    assert!(!signs_in(&served.front, "ada", "another password").await.contains("signed in"));
    assert!(signs_in(&served.front, "grace", "another password").await.contains("signed in"));
}

#[tokio::test]
async fn whether_somebody_may_sign_in_is_said_at_each_start_or_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let application = application("The shop", "s", "https://a.test/cb");
    for (enabled, comes_in) in [("", true), ("enabled = false", false), ("", false), ("enabled = true", true)]
    {
        let said = application.replace("username = \"ada\"", &format!("username = \"ada\"\n{enabled}"));

        let served = Served::start(folder.path(), &said);

        let page = signs_in(&served.front, "ada", PASSWORD).await;
        assert_eq!(page.contains("signed in"), comes_in, "{enabled}: {page}");
    }
}

#[tokio::test]
async fn an_application_has_refresh_tokens_always_if_it_is_declared_so() {
    for (policy, always) in [("", false), ("refresh_token_policy = \"always\"\n", true)] {
        let folder = TempDir::new().unwrap();
        let tables = application("The shop", "s", "https://a.test/cb");
        let tables = tables.replace("[[account]]", &format!("{policy}[[account]]"));
        let served = Served::start(folder.path(), &tables);

        let tokens = served.tokens("s", "https://a.test/cb", "openid").await;

        assert_eq!(tokens.json()["refresh_token"].is_string(), always, "{policy}: {}", tokens.text());
    }
}

#[tokio::test]
async fn an_application_that_is_not_declared_any_more_is_as_it_was() {
    let folder = TempDir::new().unwrap();
    drop(Served::start(folder.path(), &application("The shop", "s", "https://a.test/cb")));

    let served = Served::start(folder.path(), "");

    assert_eq!(served.token("s").await.status, 200);
}

struct Served {
    front: Front,
    _serving: Serving,
}

impl Served {
    fn start(folder: &Path, tables: &str) -> Self {
        let text = format!("[server]\nissuer = \"{}\"\n{tables}", grantway_tests::ISSUER);
        fs::write(folder.join("grantway.toml"), text).unwrap();
        let serving = Serving::of(grantway(folder).args(["serve", "--listen", "127.0.0.1:0"]));
        Self { front: Front::at(vec![serving.address()]), _serving: serving }
    }

    async fn token(&self, secret: &str) -> Answer {
        self.front.token(Some(("shop", secret)), &[("grant_type", "client_credentials")]).await
    }

    async fn refresh_token(&self, secret: &str, redirect: &str) -> String {
        self.tokens(secret, redirect, "openid offline_access").await.member("refresh_token")
    }

    async fn tokens(&self, secret: &str, redirect: &str, scope: &str) -> Answer {
        let mut browser = self.front.signed_in().await;
        let page =
            browser.open(&asked(redirect).replace("openid+offline_access", &scope.replace(' ', "+"))).await;
        let page = browser.submit(&page, &[("consented", "true")]).await;
        let code = page.answer.parameter("code").unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", redirect),
            ("code_verifier", grantway_tests::VERIFIER),
        ];
        self.front.token(Some(("shop", secret)), &form).await
    }

    async fn refresh(&self, secret: &str, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.front.token(Some(("shop", secret)), &form).await
    }
}

/// What the page says after it.
async fn signs_in(front: &Front, name: &str, password: &str) -> String {
    let mut browser = front.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, &[("username", name), ("password", password)]).await.words()
}

fn asked(redirect: &str) -> String {
    let redirect: String = url::form_urlencoded::byte_serialize(redirect.as_bytes()).collect();
    let own: String =
        url::form_urlencoded::byte_serialize(grantway_tests::redirect_of("shop").as_bytes()).collect();
    format!("/oauth/authorize?{}", request("shop", "openid offline_access").replace(&own, &redirect))
}

fn application(name: &str, secret: &str, redirect: &str) -> String {
    format!(
        "[[application]]\nclient_id = \"shop\"\nclient_name = \"{name}\"\nclient_secret = \"{secret}\"\n\
         redirect_uris = [\"{redirect}\"]\n\
         grant_types = [\"authorization_code\", \"refresh_token\", \"client_credentials\"]\n\
         [[account]]\nusername = \"ada\"\npassword = \"{PASSWORD}\"\n\
         [account.claims]\nname = \"Ada Lovelace\"\n"
    )
}
