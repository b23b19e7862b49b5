//! Who is let in, in which order it is looked at, and how whoever is not is told.

use super::*;

#[tokio::test]
async fn each_reason_to_be_refused_has_its_answer() {
    let scene = Scene::new();
    let good = json!({"oauth2": shared(&json!({}))}).to_string();
    let with = |name: &str, value: &str| {
        let mut request = request(PATH, "mine.secret", "{");
        request
            .headers_mut()
            .insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        request
    };
    let mut twice = request(PATH, "mine.secret", &good);
    twice.headers_mut().append(AUTHORIZATION, "Bearer mine.secret".parse().unwrap());
    let elsewhere = "/api/v1/projects/other/endpoints/oauth2/test";
    let authenticate = r#"{"status":false,"message":"Authentication required"}"#;
    let unknown = r#"{"status":false,"message":"authorization failed"}"#;
    let format = r#"{"status":false,"message":"Invalid request format"}"#;
    let input = r#"{"status":false,"message":"Invalid input provided"}"#;
    for (request, status, body) in [
        (with("content-type", "text/plain"), 415, ""),
        (with("authorization", ""), 401, authenticate),
        (with("authorization", "Bearer"), 401, authenticate),
        (with("authorization", "Bearer  mine.secret"), 401, authenticate),
        (with("authorization", "Bearer mine.secret more"), 401, authenticate),
        (with("authorization", "Digest mine.secret"), 401, authenticate),
        (with("authorization", "Basic !"), 401, authenticate),
        // `a:b:c`
        (with("authorization", "Basic YTpiOmM="), 401, authenticate),
        (twice, 401, authenticate),
        (request(PATH, "other.secret", &good), 401, unknown),
        (request(PATH, "mine.other", &good), 401, unknown),
        (request(elsewhere, "mine.secret", &good), 404, r#"{"status":false,"message":"project not found"}"#),
        (
            request(elsewhere, "partner.secret", &good),
            400,
            r#"{"status":false,"message":"failed to retrieve project"}"#,
        ),
        (
            request(PATH, "narrow.secret", &good),
            403,
            r#"{"status":false,"message":"the API key does not have the scope connection_test"}"#,
        ),
        (request("/v1/projects/%FF/endpoints/oauth2/test", "other.secret", &good), 401, unknown),
        (request(PATH, "mine.secret", ""), 400, format),
        (request(PATH, "mine.secret", "{"), 400, format),
        (request(PATH, "mine.secret", "[]"), 400, format),
        (request(PATH, "mine.secret", r#"{"oauth2":1}"#), 400, format),
        (request(PATH, "mine.secret", r#"{"oauth2":{"url":1}}"#), 400, format),
        (request(PATH, "mine.secret", r#"{"oauth2":{"signing_key":{"d":1}}}"#), 400, format),
        (request(PATH, "mine.secret", "null"), 400, input),
        (request(PATH, "mine.secret", "{}"), 400, input),
        (request(PATH, "mine.secret", r#"{"oauth2":{}}"#), 400, input),
    ] {
        let shown = format!("{request:?}");
        let answer = scene.send(request).await;
        assert_eq!((answer.status, answer.text()), (status, body), "{shown}");
        let challenge = answer.header("www-authenticate");
        let wanted = match (status, body == unknown) {
            (401, true) => Some("Bearer error=\"invalid_token\""),
            (401, false) => Some("Bearer"),
            _ => None,
        };
        assert_eq!(challenge, wanted, "{shown}");
    }
    assert!(scene.provider.asked().is_empty());
}

#[tokio::test]
async fn settings_are_held_to_what_there_is() {
    let scene = Scene::new();
    for (member, value) in [
        ("url", json!("")),
        ("client_id", json!("")),
        ("client_id", Value::Null),
        ("authentication_type", json!("Shared_Secret")),
        ("authentication_type", json!("")),
        ("expiry_time_unit", json!("days")),
    ] {
        let answer = scene.test(shared(&json!({ member: value }))).await;
        assert_eq!((answer.status, answer.json()["message"].as_str()), (400, Some("Invalid input provided")));
    }
}

#[tokio::test]
async fn callers_write_what_they_have_in_more_than_one_way() {
    let scene = Scene::new();
    let body = json!({"oauth2": shared(&json!({"unknown": [1], "scope": null}))}).to_string();
    let plain = request(PATH, "mine.secret", &format!(" {body} trailing"));
    let mut untyped = request(PATH, "mine.secret", &body);
    untyped.headers_mut().remove(CONTENT_TYPE);
    let mut charset = request(PATH, "mine.secret", &body);
    charset.headers_mut().insert(CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap());
    let mut lower = request(PATH, "mine.secret", &body);
    lower.headers_mut().insert(AUTHORIZATION, "bearer mine.secret".parse().unwrap());
    let mut basic = request(PATH, "mine.secret", &body);
    // `mine:secret`
    basic.headers_mut().insert(AUTHORIZATION, "Basic bWluZTpzZWNyZXQ=".parse().unwrap());
    let partner = request(PATH, "partner.secret", &body);
    let without_api = request(PATH.strip_prefix("/api").unwrap(), "mine.secret", &body);
    for request in [plain, untyped, charset, lower, basic, partner, without_api] {
        scene.provider.says(&json!({"access_token": "t"}));
        let shown = format!("{request:?}");
        let answer = scene.send(request).await;
        assert_eq!((answer.status, &answer.json()["data"]["success"]), (200, &json!(true)), "{shown}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{shown}");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let scene = Scene::with(1);
    for left in (0..60).rev() {
        let answer = scene.test(json!({})).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(&*left.to_string()));
    }
    scene.clock.advance(Duration::from_millis(20_500));

    let answer = scene.test(json!({})).await;

    assert_eq!((answer.status, answer.text()), (429, r#"{"status":false,"message":"exceeded rate limit"}"#));
    for (name, value) in [
        ("x-ratelimit-limit", "60"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "40"),
        ("retry-after", "40"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    // Whoever is nobody uses nothing up, and learns nothing of others.
    assert_eq!(scene.send(request(PATH, "other.secret", "{}")).await.status, 401);
    scene.clock.advance(Duration::from_secs(40));
    assert_eq!(scene.test(json!({})).await.status, 400);
}

#[tokio::test]
async fn what_is_broken_is_said_without_details() {
    let answer = Scene::new().send(request(PATH, "broken.secret", "{}")).await;
    assert_eq!(answer.status, 503);
    assert!(!answer.text().contains("disk"));
}

#[tokio::test]
async fn it_is_posted_to_and_nothing_else() {
    let scene = Scene::new();
    let answer = scene.send(Request::get(PATH).body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    let long = request(PATH, "mine.secret", &"x".repeat(65 * 1024));
    assert_eq!(scene.send(long).await.status, 413);
}
