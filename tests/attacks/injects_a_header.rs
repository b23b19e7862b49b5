use grantway_tests::{World, request};

#[tokio::test]
async fn a_line_break_in_state_never_becomes_a_header() {
    let world = World::new().await;
    for state in ["a%0d%0aSet-Cookie:%20x=y", "a%0aX:%201", "a%00b"] {
        let asked =
            request("confidential", "openid").replace("state=state-of-the-client", &format!("state={state}"));

        let page = world.browser().open(&format!("/oauth/authorize?{asked}")).await;

        assert!(page.answer.headers.get("x").is_none());
        assert!(!page.answer.header("set-cookie").contains("x=y"), "{state}");
        assert!(page.answer.location().is_none(), "{state}");
    }
}

/// A URL that was read carries no line break, wherever it came from: it is percent-encoded again on its way out.
#[tokio::test]
async fn nor_on_any_other_way_back() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let hint = world.redeem(&world.code("openid").await).await.member("id_token");
    let hostile = "a%0d%0aSet-Cookie:%20x=y%0d%0aX:%201";
    let asked = |scope: &str| request("confidential", scope).replace("state-of-the-client", "s%C3%A9");
    for address in [
        format!("/oauth/authorize?{}", asked("openid+surprise")),
        format!("/oauth/authorize?{}%0d%0aX:%201", asked("openid")),
        format!("/oauth/authorize?{}&prompt=login&login_hint={hostile}", request("confidential", "openid")),
        format!(
            "/oauth/logout?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fapp.test%2Fbye&state={hostile}"
        ),
        format!("/sign-in?return_to=/oauth/authorize?{hostile}"),
        format!("/choose-account?return_to=/oauth/authorize?{hostile}"),
        format!("/forgot-password?return_to={hostile}&ui_locales={hostile}"),
        format!("/account?ui_locales={hostile}&done={hostile}"),
    ] {
        let answer = browser.open(&address).await.answer;

        assert!(answer.headers.get("x").is_none(), "{address}");
        let cookies = answer.headers.get_all("set-cookie");
        assert!(!cookies.iter().any(|cookie| cookie.to_str().unwrap().contains("x=y")), "{address}");
        assert!(!answer.status.is_server_error(), "{address}: {}", answer.status);
    }
}
