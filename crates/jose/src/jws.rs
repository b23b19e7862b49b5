//! Compact JWS: what stands in the header, and the symmetric algorithm, whose key both sides hold.

use std::fmt;

use grantway_core::base64url;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::JwsFault;
use grantway_core::secret::Secret;
use ring::hmac;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Signs `claims` with a shared secret by HS256 (RFC 7518 section 3.2).
///
/// The secret has 32 bytes or more; what uses a shorter one can be guessed.
pub fn sign_hs256(secret: &[u8], typ: TokenType, claims: &[u8]) -> Result<Secret, ShortSecret> {
    let key = hmac_key(secret)?;
    let header = Header { alg: "HS256".into(), typ: Some(typ.as_str().into()), ..Header::default() };
    let message = format!("{}.{}", header.encode(), base64url::encode(claims));
    let tag = hmac::sign(&key, message.as_bytes());
    Ok(Secret::new(format!("{message}.{}", base64url::encode(tag))))
}

/// The claims of a token that was signed with that shared secret by HS256, `typ` not looked at.
pub fn verify_hs256(secret: &[u8], token: &str) -> Result<Result<Map<String, Value>, JwsFault>, ShortSecret> {
    let key = hmac_key(secret)?;
    let verified = Compact::parse(token).and_then(|compact| {
        compact.accept(&[JwsAlgorithm::HS256])?;
        hmac::verify(&key, compact.message.as_bytes(), &compact.signature)
            .map_err(|_| JwsFault::Signature)?;
        compact.claims()
    });
    Ok(verified)
}

/// The secret has fewer bytes than the hash (RFC 7518 section 3.2 forbids that).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret for HS256 has at least 32 bytes")]
pub struct ShortSecret;

fn hmac_key(secret: &[u8]) -> Result<hmac::Key, ShortSecret> {
    if secret.len() < 32 { Err(ShortSecret) } else { Ok(hmac::Key::new(hmac::HMAC_SHA256, secret)) }
}

/// The members of a JOSE header that mean anything here. Keys and key addresses a token carries
/// (`jwk`, `jku`, `x5c`, `x5u`) are not read: whoever signs a token does not choose its key.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) typ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    #[serde(skip)]
    pub(crate) critical: bool,
}

impl Header {
    pub(crate) fn of(algorithm: JwsAlgorithm, typ: TokenType, kid: &str) -> Self {
        Self {
            alg: algorithm.as_str().into(),
            typ: Some(typ.as_str().into()),
            kid: Some(kid.into()),
            critical: false,
        }
    }

    pub(crate) fn encode(&self) -> String {
        // Three strings: there is nothing that could fail to serialise.
        base64url::encode(serde_json::to_vec(self).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Header {
    /// A member that stands twice is refused (RFC 7515 section 4), whatever it says.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Header;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JOSE header")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut header = Header::default();
                let mut seen: Vec<String> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if seen.contains(&name) {
                        return Err(serde::de::Error::custom("a member stands twice"));
                    }
                    match name.as_str() {
                        "alg" => header.alg = map.next_value()?,
                        "typ" => header.typ = Some(map.next_value()?),
                        "kid" => header.kid = Some(map.next_value()?),
                        "crit" => {
                            header.critical = true;
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                    seen.push(name);
                }
                Ok(header)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// A token in its three parts, nothing of it believed yet.
#[derive(Debug)]
pub(crate) struct Compact<'a> {
    pub(crate) header: Header,
    /// What the signature is over.
    pub(crate) message: &'a str,
    payload: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, JwsFault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(JwsFault::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(JwsFault::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(JwsFault::Malformed)?;
        if payload.contains('.') {
            return Err(JwsFault::Malformed);
        }
        let bytes = |text| base64url::decode(text).map_err(|_| JwsFault::Malformed);
        let header = serde_json::from_slice(&bytes(header)?).map_err(|_| JwsFault::Malformed)?;
        Ok(Self { header, message, payload, signature: bytes(signature)? })
    }

    /// The algorithm, if it is one of those the caller accepts and the token asks for no extension.
    pub(crate) fn accept(&self, algorithms: &[JwsAlgorithm]) -> Result<JwsAlgorithm, JwsFault> {
        if self.header.critical {
            return Err(JwsFault::Critical);
        }
        let named = |algorithm: &&JwsAlgorithm| algorithm.as_str() == self.header.alg;
        algorithms.iter().find(named).copied().ok_or(JwsFault::Algorithm)
    }

    /// The payload, to be read only after the signature was.
    pub(crate) fn claims(&self) -> Result<Map<String, Value>, JwsFault> {
        let bytes = base64url::decode(self.payload).map_err(|_| JwsFault::Malformed)?;
        serde_json::from_slice(&bytes).map_err(|_| JwsFault::Malformed)
    }
}

/// Longer than any token this product makes, and than any header a server accepts.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515 appendix A.1.1.
    const A1_KEY: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    const A1_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_standards_hs256_example_verifies() {
        let key = base64url::decode(A1_KEY).unwrap();
        let claims = verify_hs256(&key, A1_TOKEN).unwrap().unwrap();
        assert_eq!(claims["iss"], "joe");
    }

    #[test]
    fn another_secret_or_a_changed_token_does_not() {
        let key = base64url::decode(A1_KEY).unwrap();
        let changed = A1_TOKEN.replace(".dB", ".dC");
        assert_eq!(verify_hs256(&[1; 32], A1_TOKEN).unwrap(), Err(JwsFault::Signature));
        assert_eq!(verify_hs256(&key, &changed).unwrap(), Err(JwsFault::Signature));
        assert_eq!(verify_hs256(&key[..31], A1_TOKEN), Err(ShortSecret));
    }

    #[test]
    fn what_is_signed_is_verified() {
        let token = sign_hs256(&[7; 32], TokenType::Jwt, br#"{"a":1}"#).unwrap();
        assert_eq!(verify_hs256(&[7; 32], token.expose()).unwrap().unwrap()["a"], 1);
    }

    #[test]
    fn a_header_with_a_member_twice_is_no_header() {
        for header in [r#"{"alg":"HS256","alg":"none"}"#, r#"{"alg":"HS256","x":1,"x":1}"#, "[]", "1", ""] {
            let token = format!("{}.e30.AA", base64url::encode(header));
            assert_eq!(Compact::parse(&token).unwrap_err(), JwsFault::Malformed, "{header}");
        }
    }
}
