use axum::body::Body;
use grantway_tests::{ISSUER, World};
use http::Request;

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
