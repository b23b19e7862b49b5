use axum::body::Body;
use grantway_tests::{ISSUER, PASSWORD, World};
use http::Request;
use http::header::{CONTENT_TYPE, COOKIE, ORIGIN};

#[tokio::test]
async fn a_form_from_elsewhere_signs_nobody_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.open("/sign-in").await;
    let mut fields = page.form().unwrap().fields;
    fields.retain(|(name, _)| name != "username" && name != "password");
    fields.push(("username".into(), "ada".into()));
    fields.push(("password".into(), PASSWORD.into()));
    let write = |fields: &[(String, String)]| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    };
    let own: Vec<_> = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let without: Vec<_> = fields.iter().filter(|(name, _)| !name.contains("csrf")).cloned().collect();
    for (what, cookies, origin, body) in [
        ("another origin", own.join("; "), "https://evil.test", write(&fields)),
        ("an opaque origin", own.join("; "), "null", write(&fields)),
        ("no token", own.join("; "), ISSUER, write(&without)),
        ("another browser", "grantway_browser=planted".to_owned(), ISSUER, write(&fields)),
        ("no browser", String::new(), ISSUER, write(&fields)),
    ] {
        let request = Request::post("/sign-in")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies)
            .header(ORIGIN, origin);

        let answer = world.ask(request.body(Body::from(body)).unwrap()).await;

        assert_eq!(answer.status, 403, "{what}");
        assert!(!answer.header("set-cookie").contains("grantway_session"), "{what}");
    }
}
