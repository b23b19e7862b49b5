//! An issuer that has a host to share.

use grantway_tests::{Settings, World, redirect_of, request};
use http::Method;

const ISSUER: &str = "http://127.0.0.1:8080/tenants/one";

async fn world() -> World {
    World::of(Settings { issuer: ISSUER, ..Settings::default() }).await
}

#[tokio::test]
async fn its_documents_stand_below_the_path_and_where_the_standard_looks_for_them() {
    let world = world().await;
    for path in [
        "/tenants/one/.well-known/openid-configuration",
        "/tenants/one/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/tenants/one",
        "/.well-known/openid-configuration/tenants/one",
    ] {
        let document = world.fetch(Method::GET, path).await.json();
        assert_eq!(document["issuer"], ISSUER, "{path}");
        assert_eq!(document["token_endpoint"], format!("{ISSUER}/oauth/token"), "{path}");
        assert_eq!(document["jwks_uri"], format!("{ISSUER}/.well-known/jwks.json"), "{path}");
    }
    assert_eq!(world.fetch(Method::GET, "/.well-known/openid-configuration").await.status, 404);
    assert_eq!(world.fetch(Method::GET, "/readyz").await.status, 200);
}

#[tokio::test]
async fn a_person_signs_in_agrees_and_leaves_and_every_page_leads_to_another_below_the_path() {
    let world = world().await;
    let mut browser = world.browser();

    let page =
        browser.open(&format!("/tenants/one/oauth/authorize?{}", request("confidential", "openid"))).await;
    let form = page.form().expect("the sign-in");
    assert_eq!(form.action.path(), "/tenants/one/sign-in");
    let page = browser.submit(&page, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await;
    let form = page.form().expect("the question");
    assert_eq!(form.action.path(), "/tenants/one/v1/me/oauth/consent/confidential");
    let page = browser.submit(&page, &[("consented", "true")]).await;
    assert!(page.answer.location().is_some_and(|to| to.starts_with(redirect_of("confidential"))));
    assert_eq!(page.answer.parameter("iss").as_deref(), Some(ISSUER));
    assert!(browser.cookies().contains_key("grantway_session!tenants!one"), "{:?}", browser.cookies());

    let page = browser.open("/tenants/one/account").await;
    assert!(page.form_to("/tenants/one/account/password").is_some(), "{}", page.words());
    let page = browser.open("/tenants/one/oauth/logout").await;
    assert_eq!(page.form().expect("a question").action.path(), "/tenants/one/oauth/logout");
    browser.submit(&page, &[("confirmed", "true")]).await;
    let page = browser.open("/tenants/one/signed-in").await;
    assert_eq!(page.form().expect("the sign-in").action.path(), "/tenants/one/sign-in");
    assert_eq!(world.fetch(Method::GET, "/sign-in").await.status, 404);
}
