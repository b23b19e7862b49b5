use grantway_tests::{World, request};

#[tokio::test]
async fn no_page_can_be_framed_scripted_or_kept() {
    let world = World::new().await;
    let authorize = format!("/oauth/authorize?{}", request("confidential", "openid"));
    let mut signed_in = world.signed_in().await;
    let pages = [
        ("sign-in", world.browser().open(&authorize).await),
        ("consent", signed_in.open(&authorize).await),
        ("error", world.browser().open("/oauth/authorize?client_id=nobody").await),
    ];

    for (name, page) in pages {
        let policy = page.answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(policy.contains("default-src 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe"), "{name}: {policy}");
        assert!(!page.answer.text().contains("<script"), "{name}");
        assert_eq!(page.answer.header("x-frame-options"), "DENY", "{name}");
        assert_eq!(page.answer.header("cache-control"), "no-store", "{name}");
        assert_eq!(page.answer.header("x-content-type-options"), "nosniff", "{name}");
    }
}

#[tokio::test]
async fn a_consent_form_may_end_at_the_matched_redirect_and_nowhere_else() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;

    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;

    let policy = page.answer.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.test;"), "{policy}");
}
