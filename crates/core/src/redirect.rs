//! Where an answer may be sent: the redirection endpoint of RFC 6749 section 3.1.2.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Malformed;
use crate::loopback::is_loopback;

/// A redirect URI as it was registered.
///
/// Absolute, without fragment, user information, dot segments, backslashes, white space or control
/// characters. Allowed are `https`, `http` on a loopback address or `localhost`, and private-use
/// schemes that contain a period (RFC 8252 section 7.1); `javascript:`, `data:` and their like are not.
///
/// ```
/// # use grantway_core::redirect::RedirectUri;
/// let registered: RedirectUri = "http://127.0.0.1/callback".parse()?;
/// assert!(registered.matches("http://127.0.0.1:5123/callback"), "a native app's port is its own");
/// assert!(!registered.matches("http://127.0.0.1:5123/elsewhere"));
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(Box<str>);

impl RedirectUri {
    /// Byte for byte as registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is `asked` this URI?
    ///
    /// Compared byte for byte (RFC 9700 section 2.1); only the port of an `http` URI on a loopback
    /// address may differ (RFC 8252 section 7.3). Nothing is decoded, folded or normalised.
    #[must_use]
    pub fn matches(&self, asked: &str) -> bool {
        if *self.0 == *asked {
            return true;
        }
        match (split_loopback(&self.0), split_loopback(asked)) {
            (Some(own), Some(other)) => own == other && is_allowed(asked),
            _ => false,
        }
    }

    /// Does another program on the person's machine share this redirect, so that it proves no identity
    /// (RFC 8252 section 8.6)?
    #[must_use]
    pub fn proves_no_identity(&self) -> bool {
        !self.0.starts_with("https://")
    }

    /// What a Content-Security-Policy's `form-action` has to name for a form that ends here:
    /// the origin, or for a private-use scheme the scheme alone.
    #[must_use]
    pub fn form_action_source(asked: &str) -> Option<String> {
        let url = Url::parse(asked).ok()?;
        if !matches!(url.scheme(), "https" | "http") {
            return Some(format!("{}:", url.scheme()));
        }
        let origin = url.origin().ascii_serialization();
        // A URL's host may hold `;` or `,`, which would end the directive.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/[]".contains(&byte);
        origin.bytes().all(plain).then_some(origin)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RedirectUri {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        is_allowed(raw).then(|| Self(raw.into())).ok_or(Malformed("redirect_uri"))
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0.into()
    }
}

fn is_allowed(raw: &str) -> bool {
    let plain = raw.len() <= MAX_LENGTH
        && raw.bytes().all(|b| (0x21..=0x7e).contains(&b) && !b"\\#<>\"{}|^`".contains(&b));
    if !plain {
        return false;
    }
    let Ok(url) = Url::parse(raw) else { return false };
    if has_user(raw) || has_dots(raw) {
        return false;
    }
    // A browser passes over further slashes, and takes what follows them for the host.
    let spelt_as_written = || raw.starts_with(&format!("{}://", url.scheme())) && !authority(raw).is_empty();
    match url.scheme() {
        "https" => url.host().is_some() && spelt_as_written(),
        "http" => url.host().is_some_and(|host| is_loopback(&host)) && spelt_as_written(),
        // RFC 8252 section 7.1: a reversed domain name, hence a period, which no web scheme has.
        scheme => scheme.contains('.'),
    }
}

fn has_user(raw: &str) -> bool {
    authority(raw).contains('@')
}

fn has_dots(raw: &str) -> bool {
    let path = raw.split('?').next().unwrap_or(raw);
    // A browser takes an escaped dot for a dot (URL Standard, section 4.4).
    path.split('/').any(|segment| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | ".."))
}

fn authority(raw: &str) -> &str {
    let after = raw.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")).unwrap_or_default();
    after.split(['/', '?']).next().unwrap_or(after)
}

/// The host and what follows the port of an `http` URI on a loopback address, both as written.
fn split_loopback(raw: &str) -> Option<(&str, &str)> {
    let rest = raw.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, port) = v6.split_once(']')?;
            (host, port.strip_prefix(':').or_else(|| port.is_empty().then_some("")))
        }
        None => authority.split_once(':').map_or((authority, Some("")), |(host, port)| (host, Some(port))),
    };
    let port_is_legal = port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok_and(|p| p > 0));
    let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    (loopback && port_is_legal).then_some((host, tail))
}

const MAX_LENGTH: usize = 2048;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_host_cannot_end_the_directive_that_names_it() {
        for (asked, source) in [
            ("https://app.test/cb?x=1", Some("https://app.test")),
            ("https://app.test:8443/cb", Some("https://app.test:8443")),
            ("http://[::1]:5123/cb", Some("http://[::1]:5123")),
            ("com.example.app:/cb", Some("com.example.app:")),
            ("https://app.test;sandbox/cb", None),
            ("https://app.test,x/cb", None),
        ] {
            assert_eq!(RedirectUri::form_action_source(asked).as_deref(), source, "{asked}");
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        for (registered, asked, same) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123/cb", true),
            ("http://127.0.0.1:80/cb", "http://127.0.0.1:5123/cb", true),
            ("http://[::1]/cb", "http://[::1]:5123/cb", true),
            ("http://[::1]/cb", "http://127.0.0.1/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123/other", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123@evil.test/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.test/cb", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1/cb", false),
            ("http://127.0.0.1/cb", "HTTP://127.0.0.1/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1/cb?x=1", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb#f", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/../cb", false),
            ("http://localhost/cb", "http://localhost:5123/cb", false),
            ("https://app.test/cb", "https://app.test:444/cb", false),
            ("https://app.test/cb", "https://app.test/cb/", false),
            ("https://app.test/cb", "https://app.test/CB", false),
            ("https://app.test/cb", "https://APP.test/cb", false),
            ("https://app.test/cb", "https://app.test/c%62", false),
            ("https://app.test/cb", "https://app.test.evil.test/cb", false),
            ("https://app.test/cb", "https://app.test@evil.test/cb", false),
            ("https://app.test/cb", "https://app.test/x/..;/cb", false),
            ("https://app.test/cb?a=1", "https://app.test/cb?a=1", true),
            ("https://app.test/cb?a=1", "https://app.test/cb?a=1&b=2", false),
        ] {
            let registered: RedirectUri = registered.parse().unwrap();
            assert_eq!(registered.matches(asked), same, "{registered} against {asked}");
        }
    }

    #[test]
    fn what_could_lead_astray_is_not_registered() {
        for (raw, good) in [
            ("https://app.test/cb", true),
            ("http://127.0.0.1/cb", true),
            ("http://localhost:3000/cb", true),
            ("com.example.app:/cb", true),
            ("com.example.app://cb", true),
            ("com.example.app:/cb?next=https://user@app.test", true),
            ("http://app.test/cb", false),
            ("https://app.test/cb#f", false),
            ("https://user@app.test/cb", false),
            ("https://app.test/../cb", false),
            ("https://app.test/%2e%2E/cb", false),
            ("https://app.test/.%2e/cb", false),
            ("https://app.test/%2e", false),
            ("https://app.test/%2ewell-known/cb", true),
            ("com.example.app://user@cb/x", false),
            ("com.example.app:/%2E%2e/cb", false),
            ("https://app.test\\@evil.test/cb", false),
            ("https:app.test/cb", false),
            ("https:///app.test/cb", false),
            ("https:///user@app.test/cb", false),
            ("http:///127.0.0.1/cb", false),
            ("HTTPS://app.test/cb", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("vbscript:x", false),
            ("myapp:/cb", false),
            ("/cb", false),
            ("//app.test/cb", false),
            ("https://app.test/c b", false),
            ("https://app.test/cb\r\nX: 1", false),
            ("https://b\u{fc}cher.test/cb", false),
            ("", false),
        ] {
            assert_eq!(raw.parse::<RedirectUri>().is_ok(), good, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser_or_the_match(text in "\\PC*") {
            let _ = text.parse::<RedirectUri>();
            let registered: RedirectUri = "http://127.0.0.1/cb".parse().unwrap();
            let _ = registered.matches(&text);
        }

        #[test]
        fn a_registered_uri_matches_itself(path in "[a-z0-9/]{0,20}") {
            let uri: RedirectUri = format!("https://app.test/{path}").parse().unwrap();
            prop_assert!(uri.matches(uri.as_str()));
        }
    }
}
