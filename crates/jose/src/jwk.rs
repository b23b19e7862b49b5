//! What every reader of keys in JSON (RFC 7517) needs.

use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::jwk::Jwk;
use serde_json::json;

use crate::fault::KeyFault;

/// The thumbprint of RFC 7638 with SHA-256, in base64url; none for a kind of key that has no members
/// we know.
///
/// ```
/// # use grantway_core::jwk::Jwk;
/// # use grantway_jose::jwk::thumbprint;
/// let key: Jwk = serde_json::from_str(r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"any"}"#)?;
/// assert_eq!(thumbprint(&key).map(|name| name.len()), Some(43));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn thumbprint(key: &Jwk) -> Option<String> {
    // RFC 7638 section 3.2: the required members alone, in lexicographic order.
    let required = match key.kty.as_str() {
        "EC" => json!({"crv": key.text("crv")?, "kty": "EC", "x": key.text("x")?, "y": key.text("y")?}),
        "RSA" => json!({"e": key.text("e")?, "kty": "RSA", "n": key.text("n")?}),
        // RFC 8037 section 2.
        "OKP" => json!({"crv": key.text("crv")?, "kty": "OKP", "x": key.text("x")?}),
        _ => return None,
    };
    Some(base64url::encode(sha256(required.to_string())))
}

/// Of a kind that nothing here is signed with.
pub(crate) fn unknown_kind(kty: &str, crv: Option<&str>) -> KeyFault {
    let words = match crv {
        Some(crv) => format!("kty {kty:?} with crv {crv:?}"),
        None => format!("kty {kty:?}"),
    };
    KeyFault::unsupported(words)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(thumbprint(&key).as_deref(), Some(name));
        }
    }
}
