use grantway_tests::{World, redirect_of, request};

#[tokio::test]
async fn no_spelling_of_a_redirect_leads_elsewhere() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    for (client_id, corpus) in [
        (
            "confidential",
            &[
                "https://app.test@evil.test/cb",
                "https://app.test%40evil.test/cb",
                "https://app.test@@evil.test/cb",
                "https://app.test:443/cb",
                "https://app.test:444/cb",
                "https://app.test.evil.test/cb",
                "https://evil.test/https://app.test/cb",
                "https://app.test/..;/cb",
                "https://app.test/../cb",
                "https://app.test/%2e%2e/cb",
                "https://app.test/%252fcb",
                "https://app.test/%63b",
                "https://app.test//cb",
                "https://app.test/cb/../cb",
                "https://app.test/cb;x",
                "https://app.test/cb#",
                "https://app.test/cb?",
                "https://app.test\\cb",
                "https://app.test\\@evil.test/cb",
                "https:/app.test/cb",
                "https:app.test/cb",
                "HTTPS://app.test/cb",
                "https://APP.TEST/cb",
                "http://app.test/cb",
                "//app.test/cb",
                "/cb",
                " https://app.test/cb",
                "https://app.test/cb ",
                "https://app.test/cb\t",
                "https://xn--pp-gia.test/cb",
                "https://\u{430}pp.test/cb",
                "javascript://app.test/cb",
                "data:text/html,cb",
            ][..],
        ),
        (
            "public",
            &[
                "http://127.0.0.1:51234@evil.test/cb",
                "http://127.0.0.1:evil.test/cb",
                "http://127.0.0.1.evil.test/cb",
                "http://127.0.0.1:0/cb",
                "http://127.0.0.1:65536/cb",
                "http://127.0.0.1:+80/cb",
                "http://127.0.0.2/cb",
                "http://localhost/cb",
                "http://[::1]/cb",
                "http://2130706433/cb",
                "http://0x7f.0.0.1/cb",
                "https://127.0.0.1/cb",
                "http://127.0.0.1/cb/",
                "http://127.0.0.1:1/cb?x",
            ],
        ),
    ] {
        for redirect_uri in corpus {
            let good: String =
                url::form_urlencoded::byte_serialize(redirect_of(client_id).as_bytes()).collect();
            let bad: String = url::form_urlencoded::byte_serialize(redirect_uri.as_bytes()).collect();
            let address = format!("/oauth/authorize?{}", request(client_id, "openid").replace(&good, &bad));

            let page = browser.open(&address).await;

            assert!(page.answer.location().is_none(), "{redirect_uri} led to {:?}", page.answer.location());
            assert_eq!(page.answer.status, 400, "{redirect_uri}");
        }
    }
}

#[tokio::test]
async fn the_sign_in_never_leads_to_another_origin() {
    let world = World::new().await;
    for return_to in [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test/",
        "/\t/evil.test/",
        "/%09/evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "/..//evil.test/",
        "/.//evil.test/",
        "@evil.test",
        " //evil.test",
    ] {
        let mut browser = world.browser();
        let encoded: String = url::form_urlencoded::byte_serialize(return_to.as_bytes()).collect();

        let page = browser.open(&format!("/sign-in?return_to={encoded}")).await;
        let page = match page.form() {
            Some(_) => {
                browser.submit(&page, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await
            }
            None => page,
        };

        let origin = page.url.origin().ascii_serialization();
        assert_eq!(origin, grantway_tests::ISSUER, "{return_to}");
        assert!(page.answer.location().is_none_or(|target| !target.contains("evil")), "{return_to}");
    }
}
