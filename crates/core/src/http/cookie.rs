//! Cookies that stay with one origin.

use std::time::Duration;

use cookie::{Cookie, SameSite};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use url::Url;

use super::Place;
use crate::secret::Secret;

/// How cookies are named and marked, decided once by the issuer.
///
/// On https the name begins with `__Host-` and the cookie is `Secure`, so that no sibling domain can
/// set it (RFC 6265bis section 4.1.3.2). On loopback http neither works everywhere, and is left out. Such a
/// cookie is the whole host's, so the name of one of an issuer with a path ends in that path: several on one host
/// do not take each other's away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieStyle {
    secure: bool,
    suffix: String,
}

impl CookieStyle {
    /// The style for an issuer.
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Self {
        let root = Url::parse(issuer).map_or_else(|_| String::new(), |url| Place::of(&url).root);
        // Of what stands in a path only the slash and a few more are nothing for a name (RFC 9110 section 5.6.2).
        let legal = |c: char| if c.is_ascii_alphanumeric() || "-._~%".contains(c) { c } else { '!' };
        let suffix = root.chars().map(legal).collect();
        Self { secure: issuer.starts_with("https://"), suffix }
    }

    /// The cookie's name on the wire.
    #[must_use]
    pub fn name(&self, base: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{base}{}", self.suffix)
    }

    /// A `Set-Cookie` value: for the whole origin, not for scripts, sent along when somebody else's
    /// page links here (an authorization request) but not with what it posts. None for a value that no
    /// cookie can have: its end would be read as attributes.
    #[must_use]
    pub fn set(&self, base: &str, value: &Secret, lifetime: Option<Duration>) -> Option<HeaderValue> {
        if !is_value(value.expose()) {
            return None;
        }
        let mut cookie = Cookie::build((self.name(base), value.expose().to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build();
        if let Some(lifetime) = lifetime {
            let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
            cookie.set_max_age(time::Duration::seconds(seconds));
        }
        let mut value = HeaderValue::from_str(&cookie.to_string()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The cookie of that name in a request; none if it stands there twice, because then somebody
    /// else set one of them.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap, base: &str) -> Option<Secret> {
        read_cookie(headers, &self.name(base))
    }
}

/// The value of the only cookie of exactly that name; none if it is one that [`CookieStyle::set`] does
/// not write.
#[must_use]
pub fn read_cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let mut values = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name);
    let only = values.next()?;
    (values.next().is_none() && is_value(only.value())).then(|| Secret::new(only.value()))
}

/// A row of `cookie-octet` (RFC 6265 section 4.1.1), which nobody trims, unquotes or cuts short.
fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && !b"\",;\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_https_a_cookie_belongs_to_this_host_alone() {
        let set = CookieStyle::of_issuer("https://op.test").set("session", &Secret::new("v"), None).unwrap();
        assert_eq!(set.to_str().unwrap(), "__Host-session=v; HttpOnly; SameSite=Lax; Secure; Path=/");
        let set =
            CookieStyle::of_issuer("http://127.0.0.1:1").set("session", &Secret::new("v"), None).unwrap();
        assert_eq!(set.to_str().unwrap(), "session=v; HttpOnly; SameSite=Lax; Path=/");
    }

    #[test]
    fn issuers_of_one_host_have_cookies_of_their_own() {
        for (issuer, name) in [
            ("https://op.test", "__Host-session"),
            ("https://op.test/", "__Host-session"),
            ("https://op.test/tenants/one", "__Host-session!tenants!one"),
            ("http://127.0.0.1:1/a%20b;c", "session!a%20b!c"),
        ] {
            let style = CookieStyle::of_issuer(issuer);
            assert_eq!(style.name("session"), name);
            let set = style.set("session", &Secret::new("v"), None).unwrap();
            assert!(set.to_str().unwrap().starts_with(&format!("{name}=v; ")), "{set:?}");
        }
    }

    #[test]
    fn a_value_is_neither_cut_short_nor_followed_by_attributes_of_its_own() {
        let style = CookieStyle::of_issuer("http://127.0.0.1:1");
        for (value, good) in [
            ("q8mUZ0kP-_", true),
            ("", true),
            ("a==", true),
            ("x; Domain=evil.test", false),
            (" x", false),
            ("x y", false),
            ("\"x\"", false),
            ("x,y", false),
            ("x\\", false),
            ("\u{e9}", false),
            ("x\r\nSet-Cookie: y=z", false),
        ] {
            assert_eq!(style.set("session", &Secret::new(value), None).is_some(), good, "{value:?}");
            if let Ok(sent) = HeaderValue::from_str(&format!("a=1; session={value}")) {
                let headers = HeaderMap::from_iter([(COOKIE, sent)]);
                let found = style.read(&headers, "session");
                assert!(found.is_none_or(|found| style.set("session", &found, None).is_some()), "{value:?}");
            }
        }
    }

    #[test]
    fn a_cookie_that_stands_twice_is_nobodys() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=1; session=x; b=2"));
        assert_eq!(read_cookie(&headers, "session").unwrap().expose(), "x");
        headers.append(COOKIE, HeaderValue::from_static("session=y"));
        assert!(read_cookie(&headers, "session").is_none());
    }
}
