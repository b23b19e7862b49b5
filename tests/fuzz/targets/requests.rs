//! Whole requests to server and sign-in: nothing breaks down, nobody is sent anywhere that is not
//! registered, and every answer is what its type says.

#![no_main]

use axum::body::{Body, to_bytes};
use grantway_fuzz::{ISSUER, Provider, REGISTERED, now};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE, X_CONTENT_TYPE_OPTIONS};
use http::response::Parts;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

// Method and target, then headers, then after an empty line the body; a line `===` begins the next request.
// `{session}` becomes the cookie of somebody who is signed in, and the name of what a provider hands out
// the last of its kind: none of which a mutation would find.
fuzz_target!(|text: &str| {
    let provider = Provider::new();
    let mut known = vec![("{session}", provider.session.expose().to_owned())];
    for text in text.split("\n===\n").take(8) {
        let text = known.iter().rev().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let Some(request) = read(&text) else { return };
        let asked_for_body = request.method() != Method::HEAD;
        let router = provider.router.clone();
        let (head, body) = now(async {
            let answer = router.oneshot(request).await.expect("it never fails");
            let (head, body) = answer.into_parts();
            (head, to_bytes(body, usize::MAX).await.expect("it is in memory"))
        });
        check(&head);
        if asked_for_body {
            check_body(&head, &body);
        }
        known.extend(handed_out(&head, &body));
        known.extend(provider.link().as_deref().and_then(|link| named("{link_token}", link, "token")));
    }
});

/// In an address, in the first or the last form of a page, in a cookie, or in JSON.
fn handed_out(head: &Parts, body: &[u8]) -> Vec<(&'static str, String)> {
    let header = |name: HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
    let code = header(LOCATION).and_then(|location| named("{code}", location, "code"));
    let page = str::from_utf8(body).unwrap_or_default();
    let values = || page.split("name=\"csrf\" value=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let csrf = [("{csrf}", values().last()), ("{first_csrf}", values().next())];
    let csrf = csrf.into_iter().filter_map(|(name, value)| Some((name, value?.0.to_owned())));
    let browser = header(SET_COOKIE).and_then(|cookie| cookie.strip_prefix("__Host-grantway_browser="));
    let browser =
        browser.and_then(|rest| rest.split_once(';')).map(|(name, _)| ("{browser}", name.to_owned()));
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let token = |(name, member)| Some((name, document.get(member)?.as_str()?.to_owned()));
    code.into_iter().chain(csrf).chain(browser).chain(TOKENS.into_iter().filter_map(token)).collect()
}

fn named(name: &'static str, address: &str, parameter: &str) -> Option<(&'static str, String)> {
    let url = Url::parse(address).ok()?;
    let value = url.query_pairs().find(|(own, _)| own == parameter)?.1.into_owned();
    Some((name, value))
}

const TOKENS: [(&str, &str); 3] =
    [("{access_token}", "access_token"), ("{refresh_token}", "refresh_token"), ("{id_token}", "id_token")];

fn read(text: &str) -> Option<Request<Body>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(name, value.trim());
    }
    request.body(Body::from(body.to_owned())).ok()
}

fn check(head: &Parts) {
    assert!(!head.status.is_server_error(), "{head:?}");
    if head.status != StatusCode::NOT_FOUND {
        assert_eq!(
            head.headers.get(X_CONTENT_TYPE_OPTIONS).map(HeaderValue::as_bytes),
            Some(&b"nosniff"[..])
        );
    }
    if let Some(location) = head.headers.get(LOCATION) {
        assert_eq!(head.status, StatusCode::SEE_OTHER);
        let location = location.to_str().expect("ASCII");
        assert!(may_go(location), "a browser is sent to {location:?}");
    }
    for cookie in head.headers.get_all(SET_COOKIE) {
        assert!(cookie.to_str().expect("ASCII").starts_with("__Host-grantway_"));
    }
}

fn check_body(head: &Parts, body: &[u8]) {
    match head.headers.get(CONTENT_TYPE).map(|value| value.to_str().expect("ASCII")) {
        Some("application/json") => {
            let document: Value = serde_json::from_slice(body).expect("JSON");
            assert!(document.is_object());
            // Userinfo has a form of its own for what is wrong.
            let fault = ["error", "errors"].iter().any(|member| document.get(member).is_some());
            assert_eq!(head.status.is_client_error(), fault, "{document}");
        }
        Some(page) if page.starts_with("text/html") => check_page(head, str::from_utf8(body).expect("UTF-8")),
        Some(_) | None => {}
    }
}

fn check_page(head: &Parts, page: &str) {
    assert!(head.headers.contains_key(CONTENT_SECURITY_POLICY));
    // The one script there is posts an answer.
    assert!(page.matches("<script").count() <= 1);
    assert!(!page.contains("<img") && !page.contains("<iframe") && !page.contains("<svg"));
    for action in page.split("action=\"").skip(1) {
        let action = action.split('"').next().unwrap_or_default().replace("&#38;", "&");
        assert!(may_go(&action), "a form is sent to {action:?}");
    }
}

/// A page of ours, or an address as it was registered; a native application's port is its own.
fn may_go(target: &str) -> bool {
    if let Some(path) = target.strip_prefix(ISSUER).or(Some(target)).filter(|path| path.starts_with('/')) {
        return !path.starts_with("//") && !path.contains('\\');
    }
    let Ok(mut target) = Url::parse(target) else { return false };
    target.set_query(None);
    target.set_fragment(None);
    if target.host_str() == Some("127.0.0.1") {
        target.set_port(None).expect("it has a host");
    }
    REGISTERED.contains(&target.as_str())
}
