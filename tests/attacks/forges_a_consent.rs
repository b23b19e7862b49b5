use axum::body::Body;
use grantway_tests::{World, request};
use http::Request;
use http::header::{CONTENT_TYPE, COOKIE, ORIGIN};

async fn post(world: &World, cookies: &str, origin: Option<&str>, body: String) -> grantway_tests::Answer {
    let mut request = Request::post("/v1/me/oauth/consent/confidential")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookies);
    if let Some(origin) = origin {
        request = request.header(ORIGIN, origin);
    }
    world.ask(request.body(Body::from(body)).unwrap()).await
}

/// The body an honest browser would post, and the cookies it would send.
async fn honest(world: &World) -> (String, String) {
    let mut browser = world.signed_in().await;
    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    let mut fields = page.form().unwrap().fields;
    fields.push(("consented".into(), "true".into()));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let cookies = browser.cookies().iter().map(|(name, value)| format!("{name}={value}"));
    (body, cookies.collect::<Vec<_>>().join("; "))
}

fn without_token(body: &str) -> String {
    let kept = url::form_urlencoded::parse(body.as_bytes()).filter(|(name, _)| !name.contains("csrf"));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

#[tokio::test]
async fn a_form_of_another_origin_agrees_to_nothing() {
    let world = World::new().await;
    let (body, cookies) = honest(&world).await;

    for origin in [Some("https://evil.test"), Some("null"), Some("http://127.0.0.1:8081")] {
        let answer = post(&world, &cookies, origin, body.clone()).await;
        assert_eq!(answer.status, 403, "{origin:?}");
        assert!(answer.location().is_none(), "{origin:?}");
    }
    assert_eq!(post(&world, &cookies, Some(grantway_tests::ISSUER), body).await.status, 303);
}

#[tokio::test]
async fn a_form_without_its_token_or_with_anothers_agrees_to_nothing() {
    let world = World::new().await;
    let (body, cookies) = honest(&world).await;
    let (_, other_cookies) = honest(&world).await;

    let bare = post(&world, &cookies, Some(grantway_tests::ISSUER), without_token(&body)).await;
    let moved = post(&world, &other_cookies, Some(grantway_tests::ISSUER), body.clone()).await;
    let widened = body.replace("scope=openid&", "scope=openid+email&");
    assert_ne!(widened, body);
    let widened = post(&world, &cookies, Some(grantway_tests::ISSUER), widened).await;

    for (what, answer) in [("bare", bare), ("moved", moved), ("widened", widened)] {
        assert_eq!(answer.status, 403, "{what}");
        assert!(answer.location().is_none(), "{what}");
    }
}

#[tokio::test]
async fn nobody_signed_in_agrees_to_nothing() {
    let world = World::new().await;
    let (body, _) = honest(&world).await;

    let answer = post(&world, "a=b", Some(grantway_tests::ISSUER), body).await;

    assert!(answer.parameter("code").is_none());
    assert!(answer.location().is_none_or(|target| !target.starts_with("https://app.test")));
}

/// A framework answers by itself to a path that is no text, and not with a page of ours.
#[tokio::test]
async fn a_name_that_is_no_text_is_answered_by_a_page_like_any_other_that_is_nobodys() {
    let world = World::new().await;
    for name in ["%FF", "nobody", "%F0%9F%92%A9"] {
        let (body, cookies) = honest(&world).await;
        let request = Request::post(format!("/v1/me/oauth/consent/{name}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies)
            .header(ORIGIN, grantway_tests::ISSUER);

        let answer = world.ask(request.body(Body::from(body)).unwrap()).await;

        assert!(answer.status.is_client_error(), "{name}: {}", answer.status);
        assert!(answer.header("content-type").starts_with("text/html"), "{name}: {}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
    }
}
