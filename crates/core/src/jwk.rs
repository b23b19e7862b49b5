//! Public keys on the wire: JSON Web Key (RFC 7517).

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use crate::base64url;
use crate::digest::sha256;
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
        let private = |name: &str| matches!(name, "d" | "p" | "q" | "dp" | "dq" | "qi" | "oth" | "k");
        self.members.keys().any(|name| private(name))
    }

    /// The thumbprint of RFC 7638 with SHA-256, in base64url; none for a kind of key that has no members we know.
    ///
    /// ```
    /// # use grantway_core::jwk::Jwk;
    /// let key: Jwk = serde_json::from_str(r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"any"}"#)?;
    /// assert_eq!(key.thumbprint().map(|name| name.len()), Some(43));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        // RFC 7638 section 3.2: the required members alone, in lexicographic order.
        let required = match self.kty.as_str() {
            "EC" => {
                json!({"crv": self.text("crv")?, "kty": "EC", "x": self.text("x")?, "y": self.text("y")?})
            }
            "RSA" => json!({"e": self.text("e")?, "kty": "RSA", "n": self.text("n")?}),
            // RFC 8037 section 2.
            "OKP" => json!({"crv": self.text("crv")?, "kty": "OKP", "x": self.text("x")?}),
            _ => return None,
        };
        Some(base64url::encode(sha256(required.to_string())))
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
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let document = serde_json::json!({"kty": "any", "x": "AA", member: "AA"});
            let key: Jwk = serde_json::from_value(document).unwrap();
            assert!(key.is_private(), "{member}");
        }
    }

    #[test]
    fn the_thumbprint_is_that_of_the_standards_examples() {
        for (document, name) in [
            // RFC 7638 section 3.1.
            (
                r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            ),
            // RFC 8037 appendix A.3.
            (
                r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            ),
        ] {
            let key: Jwk = serde_json::from_str(document).unwrap();
            assert_eq!(key.thumbprint().as_deref(), Some(name));
        }
    }
}
