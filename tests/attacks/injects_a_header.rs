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
