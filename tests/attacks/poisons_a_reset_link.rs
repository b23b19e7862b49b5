use axum::extract::Request;
use axum::middleware::map_request;
use grantway_core::http::ForwardedHost;
use grantway_tests::{Front, ISSUER, World};
use http::{HeaderName, HeaderValue};

#[tokio::test]
async fn no_header_moves_the_link_in_the_mail() {
    for (name, value) in [
        ("host", "evil.test"),
        ("x-forwarded-host", "evil.test"),
        ("forwarded", "host=evil.test;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-original-host", "evil.test"),
        ("referer", "https://evil.test/"),
    ] {
        let world = World::new().await;
        let poison = move |mut request: Request| async move {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            // As if a proxy that is trusted had said so.
            request.extensions_mut().insert(ForwardedHost("evil.test".to_owned()));
            request
        };
        let poisoned = Front::of(world.router.clone().layer(map_request(poison)));
        let mut browser = poisoned.browser();
        let page = browser.open("/forgot-password").await;

        browser.submit(&page, &[("username", "ada")]).await;

        let links = world.links("/reset-password").await;
        assert_eq!(links.len(), 1, "{name}");
        assert!(links[0].starts_with(&format!("{ISSUER}/reset-password?token=")), "{name}: {links:?}");
        assert!(!links[0].contains("evil"), "{name}: {links:?}");
    }
}
