//! Cookies: only a value that we could have set is read, and what is set is one cookie and nothing more.

#![no_main]

use std::time::Duration;

use grantway_core::http::{CookieStyle, read_cookie};
use grantway_core::secret::Secret;
use http::header::{COOKIE, HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

// Each line is a `Cookie` header. The whole text is tried as a value, too.
fuzz_target!(|raw: &[u8]| {
    let lines = raw.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok());
    let headers: HeaderMap = lines.map(|line| (COOKIE, line)).collect();
    for issuer in ["http://127.0.0.1:1", "https://op.test", "https://op.test/tenant"] {
        let style = &CookieStyle::of_issuer(issuer);
        if let Some(found) = style.read(&headers, "session") {
            assert!(stands_once(&headers, &style.name("session"), found.expose()));
            assert_eq!(
                read_cookie(&headers, &style.name("session")).expect("there").expose(),
                found.expose()
            );
            let line = set(style, found.expose()).expect("what we read, we could have set");
            let again = returned(&line);
            assert_eq!(style.read(&again, "session").expect("it is there").expose(), found.expose());
        }
        if let Ok(value) = str::from_utf8(raw)
            && let Some(line) = set(style, value)
        {
            let found = style.read(&returned(&line), "session");
            assert_eq!(found.expect("what we set, we read").expose(), value);
        }
    }
});

/// The `Set-Cookie` line, whose attributes are ours whatever the value is.
fn set(style: &CookieStyle, value: &str) -> Option<String> {
    let line = style.set("session", &Secret::new(value), Some(Duration::from_mins(1)))?;
    let line = line.to_str().expect("a cookie is ASCII").to_owned();
    let mut attributes = line.split("; ").skip(1).collect::<Vec<_>>();
    attributes.sort_unstable();
    let secure = style.name("").starts_with("__Host-").then_some("Secure");
    let expected = ["HttpOnly", "Max-Age=60", "Path=/", "SameSite=Lax"].into_iter().chain(secure);
    assert!(attributes.into_iter().eq(expected), "{line:?}");
    Some(line)
}

/// As a browser sends it back (RFC 6265 section 5.2): up to the first semicolon.
fn returned(line: &str) -> HeaderMap {
    let pair = line.split(';').next().unwrap_or_default();
    HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).expect("part of a header"))])
}

/// Does the row of cookies hold that name once, with that value (RFC 6265 section 5.4)?
fn stands_once(headers: &HeaderMap, name: &str, value: &str) -> bool {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(own, _)| own.trim() == name).map(|(_, value)| value.trim());
    values.next() == Some(value) && values.next().is_none()
}
