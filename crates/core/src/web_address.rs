//! An address of a web page that people may follow.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Malformed;
use crate::redirect::RedirectUri;

/// A page on the web: `https`, or `http` on a loopback address; no user information, no script.
///
/// ```
/// # use grantway_core::web_address::WebAddress;
/// assert!("https://app.example/privacy#cookies".parse::<WebAddress>().is_ok());
/// assert!("javascript:alert(1)".parse::<WebAddress>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress(Box<str>);

impl WebAddress {
    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebAddress {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        let address = raw.split_once('#').map_or(raw, |(address, _)| address);
        // What may be redirected to may be followed, on the web; a page may have a fragment.
        let on_the_web = Url::parse(raw).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        let plain = raw.bytes().all(|byte| byte.is_ascii_graphic());
        match address.parse::<RedirectUri>() {
            Ok(_) if on_the_web && plain => Ok(Self(raw.into())),
            Ok(_) | Err(_) => Err(Malformed("web address")),
        }
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WebAddress {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_on_the_web_is_one() {
        for (raw, good) in [
            ("https://app.test/privacy", true),
            ("https://app.test/privacy?lang=de#top", true),
            ("http://127.0.0.1:8080/terms", true),
            ("http://app.test/terms", false),
            ("https://user@app.test/", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("com.example.app:/terms", false),
            ("//app.test/", false),
            ("/terms", false),
            ("https://app.test/\"><script>", false),
            ("https://app.test/ x", false),
            ("https://app.test/#\n", false),
            ("", false),
        ] {
            assert_eq!(raw.parse::<WebAddress>().is_ok(), good, "{raw:?}");
        }
    }
}
