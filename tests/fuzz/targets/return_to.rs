//! Where a browser goes after it has signed in: whatever a link says, it stays on our own origin.

#![no_main]

use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use grantway_core::http::Form;
use grantway_core::seam::{Identity, LoginGate, Visit};
use grantway_fuzz::{ISSUER, Provider, now};
use http::{HeaderMap, Request, StatusCode};
use libfuzzer_sys::fuzz_target;
use tower::ServiceExt;
use url::Url;
use url::form_urlencoded::Serializer;

fuzz_target!(|raw: &str| {
    for found in [of_link(raw), of_server(raw)].into_iter().flatten() {
        check(&found);
        assert_eq!(of_link(&found).as_ref(), Some(&found), "what is followed is followed again");
    }
});

fn check(found: &str) {
    assert!(found.starts_with('/') && !found.starts_with("//"), "{found:?}");
    assert!(found.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && byte != b'\\'), "{found:?}");
    let stands = Url::parse(ISSUER).expect("a URL").join("/sign-in").expect("a path");
    let goes = stands.join(found).expect("a path");
    assert_eq!(goes.origin(), stands.origin());
    assert!(goes.username().is_empty() && goes.password().is_none());
    assert_eq!(goes.as_str(), format!("{ISSUER}{found}"), "a browser goes where it says");
}

/// From the page that a stranger's link leads to.
fn of_link(raw: &str) -> Option<String> {
    let query = Serializer::new(String::new()).append_pair("return_to", raw).finish();
    let request = Request::get(format!("/sign-in?{query}")).body(Body::empty()).ok()?;
    let router = PROVIDER.router.clone();
    let (head, body) = now(async {
        let answer = router.oneshot(request).await.expect("it never fails");
        let (head, body) = answer.into_parts();
        (head, to_bytes(body, usize::MAX).await.expect("it is in memory"))
    });
    if head.status == StatusCode::BAD_REQUEST {
        // Control characters have no place in a form.
        assert!(raw.chars().any(char::is_control));
        return None;
    }
    assert_eq!(head.status, StatusCode::OK);
    let policy = head.headers["content-security-policy"].to_str().expect("ASCII");
    let target = policy.split(';').map(str::trim).find(|part| part.starts_with("form-action"));
    assert_eq!(target, Some("form-action 'self'"), "a stranger opens the policy to nobody");
    let page = str::from_utf8(&body).expect("a page is UTF-8");
    let (_, rest) = page.split_once(r#"name="return_to" value=""#)?;
    Some(unescaped(rest.split_once('"').expect("the end of a value").0))
}

/// From the address that the server sends a browser to which wanted that.
fn of_server(raw: &str) -> Option<String> {
    let headers = HeaderMap::new();
    let visit = Visit { login_hint: Some("ada"), ..Visit::new(&headers, raw) };
    let login = &PROVIDER.login;
    let Ok(Identity::SignIn(address)) = now(login.identify(visit)) else {
        panic!("without a cookie nobody is known");
    };
    let (path, query) = address.split_once('?').expect("at least the hint");
    assert_eq!(path, "/sign-in");
    let form = Form::parse(query.as_bytes()).expect("our own");
    assert_eq!(form.one("login_hint"), Ok(Some("ada")));
    form.one("return_to").expect("it stands once").map(str::to_owned)
}

/// Once at most for each reference, as a browser does.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        let (name, after) = reference.split_once(';').expect("an ampersand begins a reference");
        plain.push_str(before);
        plain.push(match name {
            "amp" | "#38" => '&',
            "lt" | "#60" => '<',
            "gt" | "#62" => '>',
            "quot" | "#34" => '"',
            "#39" | "#x27" => '\'',
            other => panic!("the reference {other:?}"),
        });
        rest = after;
    }
    plain + rest
}

static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::new);
