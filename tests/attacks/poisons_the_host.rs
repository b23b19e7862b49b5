use axum::body::Body;
use grantway_tests::{ISSUER, World, request};
use http::Request;
use http::header::COOKIE;

#[tokio::test]
async fn no_header_moves_an_address_we_answer_with() {
    let world = World::new().await;
    for (name, value) in [
        ("host", "evil.test"),
        ("x-forwarded-host", "evil.test"),
        ("forwarded", "host=evil.test;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-original-host", "evil.test"),
    ] {
        let request = Request::get("/.well-known/openid-configuration").header(name, value);

        let answer = world.ask(request.body(Body::empty()).unwrap()).await;

        assert_eq!(answer.member("issuer"), ISSUER, "{name}");
        assert!(!answer.text().contains("evil"), "{name}");
    }
}

#[tokio::test]
async fn no_header_moves_where_a_browser_is_sent_or_what_a_page_links_to() {
    let world = World::new().await;
    let browser = world.signed_in().await;
    let cookies: Vec<_> = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let asked = format!("/oauth/authorize?{}", request("confidential", "openid"));
    for (path, cookies) in [
        (asked.as_str(), ""),
        (&asked, &cookies.join("; ")),
        (&format!("{asked}&prompt=none"), ""),
        ("/sign-in?return_to=/oauth/authorize", ""),
        ("/signed-in", &cookies.join("; ")),
        ("/signed-in", ""),
        ("/oauth/logout", &cookies.join("; ")),
        ("/oauth/userinfo", ""),
        ("/oauth/authorize?client_id=nobody", ""),
        ("/.well-known/oauth-authorization-server", ""),
    ] {
        let ask = async |host: &str| {
            let request = Request::get(path).header(COOKIE, cookies);
            let request =
                ["host", "x-forwarded-host", "x-forwarded-server", "x-original-url", "x-rewrite-url"]
                    .into_iter()
                    .fold(request, |request, name| request.header(name, host));
            world.ask(request.body(Body::empty()).unwrap()).await
        };

        let (honest, poisoned) = (ask("127.0.0.1:8080").await, ask("evil.test").await);

        assert_eq!(honest.status, poisoned.status, "{path}");
        assert!(!format!("{:?}{}", poisoned.headers, poisoned.text()).contains("evil"), "{path}");
    }
}
