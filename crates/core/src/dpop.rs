//! Demonstrating proof of possession: RFC 9449.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::base64url;
use crate::digest::sha256;
use crate::error::Malformed;
use crate::jwk::Jwk;
use crate::jws::unverified_header;
use crate::time::Timestamp;

/// The payload of a proof (RFC 9449 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofClaims {
    /// Unique.
    pub jti: String,
    /// The method of the request it goes with.
    pub htm: String,
    /// The address of that request, without query and fragment.
    pub htu: String,
    /// Made then.
    pub iat: Timestamp,
    /// What the server gave to prove that the proof is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// [`access_token_hash`] of the token it goes with; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ath: Option<String>,
}

/// The `htu` of a request to that address (RFC 9449 section 4.2).
///
/// ```
/// # use grantway_core::dpop::target_uri;
/// assert_eq!(target_uri("HTTPS://API.example:443/a?b=c#d")?, "https://api.example/a");
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
pub fn target_uri(url: &str) -> Result<String, Malformed> {
    // Parsing normalises scheme, host, port and dots, of what section 4.3 has two compared by. How a path is percent-encoded
    // is left as it is: both sides have it from the same request.
    let mut url = Url::parse(url).map_err(|_| Malformed("htu"))?;
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.into())
}

/// The `ath` of an access token (RFC 9449 section 4.2).
#[must_use]
pub fn access_token_hash(access_token: &str) -> String {
    base64url::encode(sha256(access_token))
}

/// The public key that a proof names. Nothing is believed yet: the signature under that key is still to be verified.
pub fn proof_key(proof: &str) -> Result<Jwk, Malformed> {
    const MALFORMED: Malformed = Malformed("DPoP proof");
    let jwk = unverified_header(proof)?.remove("jwk").ok_or(MALFORMED)?;
    let key: Jwk = serde_json::from_value(jwk).map_err(|_| MALFORMED)?;
    // RFC 9449 section 4.3, check 7.
    if key.is_private() { Err(MALFORMED) } else { Ok(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 section 4.1.
    const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    #[test]
    fn the_standards_examples_are_read() {
        // RFC 9449 section 6.1.
        let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        assert_eq!(proof_key(PROOF).unwrap().thumbprint().as_deref(), Some(thumbprint));
        // RFC 9449 section 7.1.
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        assert_eq!(access_token_hash(token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    }

    #[test]
    fn a_proof_with_a_private_key_or_none_is_no_proof() {
        for header in [
            r#"{"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}}"#,
            r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#,
            r#"{"alg":"ES256"}"#,
            r#"{"alg":"ES256","jwk":"x"}"#,
            "x",
        ] {
            assert!(proof_key(&format!("{}.e30.AA", base64url::encode(header))).is_err(), "{header}");
        }
        assert!(proof_key("").is_err());
    }
}
