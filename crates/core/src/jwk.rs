//! Public keys on the wire: JSON Web Key (RFC 7517).

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::error::Malformed;
use crate::loopback::is_loopback;

/// A public key as published or registered. Members nobody here knows are kept.
///
/// What the members mean is decided where signatures are verified; here they are only carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The family of keys: `EC`, `RSA`, `OKP`, `oct`.
    pub kty: String,
    /// Which key of a set this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `sig` or `enc`.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub key_use: Option<String>,
    /// The one algorithm the key is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The key itself and everything else (`crv`, `x`, `y`, `n`, `e`, `x5c`, …).
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

impl Jwk {
    /// A member that is a string.
    #[must_use]
    pub fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member).and_then(Value::as_str)
    }

    /// Does it carry a secret or private member (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1)?
    /// Such a key is never published and never accepted as somebody's public key.
    #[must_use]
    pub fn is_private(&self) -> bool {
        ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| self.members.contains_key(*name))
    }
}

/// How long a reader may keep a published key set. Whoever publishes one signs by no key that has not
/// been in it for longer.
pub const KEY_SET_MAX_AGE: Duration = Duration::from_secs(300);

/// A set of keys (RFC 7517 section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// In the order of preference of whoever published it.
    pub keys: Vec<Jwk>,
}

/// Where somebody publishes a set of keys: `jwks_uri` of RFC 7591 section 2. Over TLS, unless it is this machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JwksUri(Box<str>);

impl JwksUri {
    /// As it was registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JwksUri {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed("jwks_uri");
        let url = Url::parse(raw).map_err(|_| MALFORMED)?;
        let here = is_loopback(&url.host().ok_or(MALFORMED)?);
        let sealed = url.scheme() == "https" || (url.scheme() == "http" && here);
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if sealed && bare && raw.len() <= MAX_JWKS_URI_BYTES { Ok(Self(raw.into())) } else { Err(MALFORMED) }
    }
}

impl TryFrom<String> for JwksUri {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<JwksUri> for String {
    fn from(uri: JwksUri) -> Self {
        uri.0.into()
    }
}

const MAX_JWKS_URI_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_published_over_tls_or_on_this_machine() {
        for (raw, good) in [
            ("https://app.test/jwks.json?v=1", true),
            ("http://127.0.0.1:8080/jwks", true),
            ("http://localhost/jwks", true),
            ("http://[::1]/jwks", true),
            ("http://app.test/jwks", false),
            ("http://127.0.0.1.app.test/jwks", false),
            ("ftp://127.0.0.1/jwks", false),
            ("https://user@app.test/jwks", false),
            ("https://app.test/jwks#1", false),
            ("file:///jwks", false),
            ("/jwks", false),
            (&format!("https://app.test/{}", "a".repeat(2048)), false),
        ] {
            assert_eq!(raw.parse::<JwksUri>().is_ok(), good, "{raw}");
        }
    }

    #[test]
    fn members_nobody_knows_are_kept() {
        let text = r#"{"kty":"EC","kid":"1","use":"sig","crv":"P-256","x":"AA","y":"BB","x5t#S256":"q"}"#;
        let key: Jwk = serde_json::from_str(text).unwrap();
        assert_eq!(key.text("crv"), Some("P-256"));
        assert_eq!(serde_json::to_string(&key).unwrap(), text);
        assert!(!key.is_private());
    }

    #[test]
    fn a_private_member_is_seen() {
        let key: Jwk = serde_json::from_str(r#"{"kty":"oct","k":"AA"}"#).unwrap();
        assert!(key.is_private());
    }
}
