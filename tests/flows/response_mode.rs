use grantway_tests::{ISSUER, World, request};

#[tokio::test]
async fn a_code_is_posted_by_the_browser_to_whoever_asks_for_that() {
    let world = World::new().await;
    let query = format!("{}&response_mode=form_post", request("confidential", "openid"));

    let page = world.authorize(&query).await;

    assert_eq!(page.answer.status, 200);
    assert_eq!(page.answer.header("cache-control"), "no-store");
    let policy = page.answer.header("content-security-policy");
    assert!(!policy.contains("form-action"), "redirects of its own are its own affair: {policy}");
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    let form = page.form().unwrap();
    assert_eq!(form.action.as_str(), "https://app.test/cb");
    let fields = form.fields;
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert_eq!(fields[1].1, "state-of-the-client");
    assert_eq!(fields[2].1, ISSUER);
    assert_eq!(world.redeem(&fields[0].1).await.status, 200);
}

#[tokio::test]
async fn a_code_can_travel_in_the_fragment() {
    let world = World::new().await;
    let query = format!("{}&response_mode=fragment", request("confidential", "openid"));

    let page = world.authorize(&query).await;

    let (address, fragment) = page.answer.location().unwrap().split_once('#').unwrap();
    assert_eq!(address, "https://app.test/cb");
    let code = url::form_urlencoded::parse(fragment.as_bytes()).find(|(name, _)| name == "code").unwrap();
    assert_eq!(world.redeem(&code.1).await.status, 200);
}

#[tokio::test]
async fn a_mode_that_is_none_is_reported_in_the_usual_one() {
    let world = World::new().await;
    for mode in ["surprise", "form_post&response_mode=query"] {
        let query = format!("{}&response_mode={mode}", request("confidential", "openid"));

        let page = world.authorize(&query).await;

        assert_eq!(page.answer.parameter("error").as_deref(), Some("invalid_request"), "{mode}");
    }
}
