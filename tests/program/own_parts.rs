//! The examples of those who put parts of their own in the place of ours.

use grantway_tests::{Answer, Front, ISSUER, PASSWORD, Page, VERIFIER, request};
use http::Method;
use tempfile::TempDir;

use super::example;
use super::serving::Serving;

#[tokio::test]
async fn an_application_has_its_own_pages_beside_the_providers_and_one_sign_in_for_both() {
    let serving = Serving::of(example("own_application").arg(ISSUER));
    let front = Front::at(vec![serving.address()]);
    let mut browser = front.browser();

    let sign_in = browser.open("/notes").await;
    let page = browser.submit(&sign_in, &[("username", "ada"), ("password", PASSWORD)]).await;
    let noted = browser.submit(&page, &[("note", "<b>milk</b>")]).await;
    let asked = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    let back = browser.submit(&asked, &[("consented", "true")]).await;
    let tokens = front.redeem(&code(&back)).await;

    assert_eq!(sign_in.url.path(), "/sign-in");
    assert_eq!(page.url.path(), "/notes");
    assert!(noted.answer.text().contains("<li>&lt;b&gt;milk&lt;/b&gt;</li>"), "{}", noted.answer.text());
    assert!(asked.words().contains("Somebody else"), "nobody signs in twice: {}", asked.words());
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    assert_eq!(front.userinfo(&tokens.member("access_token")).await.member("sub"), "user_ada");
    let forged = Front::at(vec![serving.address()]).post("/notes", None, &[("note", "x")]).await;
    assert!(forged.status.is_redirection(), "nobody sits there: {}", forged.status);
}

#[tokio::test]
async fn grants_lie_in_a_store_of_ones_own_and_are_there_after_a_crash() {
    let folder = TempDir::new().unwrap();
    let start = || {
        let serving = Serving::of(example("own_store").arg(folder.path()).arg(ISSUER));
        let front = Front::at(vec![serving.address()]);
        (serving, front)
    };
    let (serving, front) = start();
    let code = front.code("openid offline_access").await;
    let first = front.redeem(&code).await.member("refresh_token");
    let second = front.refresh(&first).await.member("refresh_token");
    let ready = front.fetch(Method::GET, "/readyz").await;
    let unspent = front.code("openid").await;

    drop(serving);
    let (_serving, front) = start();
    let again = front.refresh(&first).await;
    let third = front.refresh(&second).await;
    let redeemed = front.redeem(&unspent).await;
    let replayed = front.redeem(&code).await;

    assert_eq!(ready.status, 200, "{}", ready.text());
    assert_eq!(again.member("refresh_token"), second, "within the grace window: {}", again.text());
    assert_eq!((third.status.as_u16(), redeemed.status.as_u16()), (200, 200), "{}", third.text());
    assert_eq!(replayed.error(), "invalid_grant");
    let last = front.refresh(&third.member("refresh_token")).await;
    assert_eq!(last.error(), "invalid_grant", "what the code bought is revoked");
    let written = std::fs::read_to_string(folder.path().join("grants.jsonl")).unwrap();
    assert!(![&code, &first, &second, &unspent].iter().any(|secret| written.contains(*secret)));
}

#[tokio::test]
async fn people_sign_in_as_the_application_has_them_do_and_no_link_is_good_in_another_browser() {
    let mut serving = Serving::of(example("own_login_gate").arg(ISSUER));
    let front = Front::at(vec![serving.address()]);
    let (mut browser, mut stranger) = (front.browser(), front.browser());
    let asks = format!("/oauth/authorize?{}", request("confidential", "openid email"));

    let door = browser.open(&format!("{asks}&login_hint=ada%40people.test")).await;
    let sent = browser.submit(&door, &[]).await;
    let link = link(&mut serving);
    let elsewhere = stranger.open(&link).await;
    let asked = browser.open(&link).await;
    let back = browser.submit(&asked, &[("consented", "true")]).await;
    let tokens = front.redeem(&code(&back)).await;

    assert_eq!(door.url.path(), "/enter");
    assert!(sent.words().contains("Look into your mail"), "{}", sent.words());
    assert_eq!(elsewhere.answer.status, 400);
    assert_eq!(asked.url.path(), "/oauth/authorize", "{}", asked.words());
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    let person = front.userinfo(&tokens.member("access_token")).await;
    assert_eq!((&*person.member("sub"), &*person.member("email")), ("user_ada", "ada@people.test"));
    let fresh = browser.open(&format!("{asks}&prompt=login")).await;
    assert_eq!(fresh.url.path(), "/enter", "a sign-in from before does not do");
    assert_eq!(browser.open(&link).await.answer.status, 400, "once");
    refuses_without_the_verifier(&front, &code_of_another_visit(&mut serving, &front).await).await;
}

/// A second visit, to its end.
async fn code_of_another_visit(serving: &mut Serving, front: &Front) -> String {
    let mut browser = front.browser();
    let door = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid email"))).await;
    browser.submit(&door, &[("mail", "ada@people.test")]).await;
    let link = link(serving);
    code(&browser.open(&link).await)
}

async fn refuses_without_the_verifier(front: &Front, code: &str) {
    let redeem = |verifier: &'static str| {
        let form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", "https://app.test/cb"),
            ("code_verifier", verifier),
        ];
        async move { front.token(Some(("confidential", "sesame")), &form).await }
    };
    let wrong: Answer = redeem("another-verifier-that-is-long-enough-to-be-one").await;
    assert_eq!(wrong.error(), "invalid_grant");
    assert_eq!(redeem(VERIFIER).await.error(), "invalid_grant", "the code has leaked");
}

fn link(serving: &mut Serving) -> String {
    let mail = serving.says("mail to ada@people.test");
    mail.split(ISSUER).nth(1).unwrap().to_owned()
}

fn code(page: &Page) -> String {
    page.answer.parameter("code").unwrap_or_else(|| panic!("{:?} {}", page.answer.location(), page.words()))
}
