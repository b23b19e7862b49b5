use axum::body::Body;
use grantway_core::http::MAX_FORM_BYTES;
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};

use super::{ADDRESS, PASSWORD, World};

#[tokio::test]
async fn the_form_is_what_browsers_and_password_managers_understand() {
    let page = World::new().await.browser().get(ADDRESS).await;

    for part in [
        "<html lang=\"en\">",
        "<title>Sign in</title>",
        "<form method=\"post\" action=\"/sign-in\">",
        "<label for=\"username\">",
        "id=\"username\" name=\"username\" type=\"text\" value=\"\" autocomplete=\"username\" autocapitalize=\"none\"",
        "spellcheck=\"false\" required autofocus>",
        "<label for=\"password\">",
        "id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required>",
        "<button type=\"submit\">Sign in</button>",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains("role=\"alert\""));
}

#[tokio::test]
async fn a_failure_is_announced_beside_the_form_and_the_password_is_not_kept() {
    let page = World::new().await.browser().sign_in(ADDRESS, "ada", "sesame").await;

    assert!(page.body.contains("<title>Sign in: try again</title>"));
    assert!(page.body.contains("id=\"error\" role=\"alert\""));
    assert_eq!(page.body.matches("aria-describedby=\"error\"").count(), 2);
    assert!(page.body.contains("value=\"ada\""));
    assert_eq!(page.body.matches(" autofocus>").count(), 1);
    assert!(!page.body.contains("sesame"));
}

#[tokio::test]
async fn no_page_is_framed_kept_or_scripted() {
    let world = World::new().await;
    let mut browser = world.browser();
    let pages = [
        browser.get(ADDRESS).await,
        browser.get("/sign-in?return_to=%").await,
        browser.sign_in(ADDRESS, "ada", "wrong").await,
        browser.post("/sign-in", &[].into()).await,
        browser.ask(Method::PUT, "/sign-in", None, None).await,
        {
            browser.sign_in(ADDRESS, "ada", PASSWORD).await;
            browser.get("/signed-in").await
        },
    ];
    for page in pages {
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"), "{policy}");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(!page.body.contains("<script") && !page.body.contains(" onload"));
    }
}

#[tokio::test]
async fn what_is_not_understood_gets_a_page_of_its_own() {
    let world = World::new().await;
    let form = "application/x-www-form-urlencoded";
    let large = "a".repeat(MAX_FORM_BYTES + 1);
    for (method, path, content_type, body, status) in [
        ("PUT", "/sign-in", form, "", 405),
        ("DELETE", "/signed-in", form, "", 405),
        ("POST", "/signed-in", form, "", 405),
        ("GET", "/sign-out", form, "", 405),
        ("HEAD", "/sign-out", form, "", 405),
        ("POST", "/sign-in", form, large.as_str(), 413),
        ("POST", "/sign-out", form, large.as_str(), 413),
        ("POST", "/sign-in", "application/json", "{}", 415),
        ("POST", "/sign-in", "", "username=ada", 415),
        ("POST", "/sign-in", form, "username=%zz", 400),
        ("POST", "/sign-in", form, "username=%00", 400),
        ("POST", "/sign-in", form, "username=a&username=b", 400),
        ("POST", "/sign-in", form, "password=a&password=b", 400),
        ("POST", "/sign-in", form, "csrf=a&csrf=b", 400),
        ("POST", "/sign-out", form, "csrf=a&csrf=b", 400),
        ("GET", "/sign-in?return_to=%ff", form, "", 400),
        ("GET", "/sign-in?return_to=/a&return_to=/b", form, "", 400),
        ("GET", "/sign-in?login_hint=%0a", form, "", 400),
        ("HEAD", "/sign-in", form, "", 200),
        ("GET", "/sign-in", form, "", 200),
        ("GET", "/sign-in?unknown=1&unknown=2", form, "", 200),
    ] {
        let request = Request::builder().method(method).uri(path).header(CONTENT_TYPE, content_type);
        let answer = world.send(request.body(Body::from(body.to_owned())).unwrap()).await;

        assert_eq!(answer.status, StatusCode::from_u16(status).unwrap(), "{method} {path} {body:.30}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.body.is_empty(), method == "HEAD", "{method} {path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let world = World::new().await;
    for (path, method, allowed) in [
        ("/sign-in", Method::DELETE, "GET, HEAD, POST"),
        ("/signed-in", Method::POST, "GET, HEAD"),
        ("/sign-out", Method::GET, "POST"),
    ] {
        let answer = world.browser().ask(method, path, None, None).await;
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}
