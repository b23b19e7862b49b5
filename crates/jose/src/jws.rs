//! Compact JWS (RFC 7515 section 3.1): its three parts, and what its header says.

use std::borrow::Cow;
use std::fmt;

use grantway_core::base64url;
use grantway_core::jwk::Jwk;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::JwsFault;
use grantway_core::secret::Secret;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The members of a JOSE header that mean anything here. Keys and key addresses a token carries
/// (`jwk`, `jku`, `x5c`, `x5u`) are not read: whoever signs a token does not choose its key.
#[derive(Debug, Default)]
pub(crate) struct Header {
    /// Nothing, if it is absent or nobody here knows it.
    pub(crate) algorithm: Option<JwsAlgorithm>,
    pub(crate) typ: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) critical: bool,
}

impl Header {
    /// What stands in the first part of a token.
    pub(crate) fn read(part: &str) -> Result<Self, JwsFault> {
        read(part)
    }

    /// The algorithm, if it is one of those the caller accepts and the token asks for no extension.
    pub(crate) fn accept(&self, algorithms: &[JwsAlgorithm]) -> Result<JwsAlgorithm, JwsFault> {
        if self.critical {
            return Err(JwsFault::Critical);
        }
        self.algorithm.filter(|named| algorithms.contains(named)).ok_or(JwsFault::Algorithm)
    }

    /// As the first part of a token. It names the key: by its name, or in a proof of possession by the key itself (RFC
    /// 9449 section 4.2). A key that both sides hold and nobody published has none.
    pub(crate) fn written(algorithm: JwsAlgorithm, typ: TokenType, key: Option<&Jwk>) -> String {
        #[derive(Serialize)]
        struct Written<'a> {
            alg: JwsAlgorithm,
            typ: TokenType,
            #[serde(skip_serializing_if = "Option::is_none")]
            kid: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            jwk: Option<Jwk>,
        }

        let (kid, jwk) = match typ {
            TokenType::DpopProof => {
                (None, key.map(|key| Jwk { kid: None, key_use: None, alg: None, ..key.clone() }))
            }
            TokenType::AccessToken | TokenType::Jwt => (key.and_then(|key| key.kid.as_deref()), None),
        };

        // Strings: there is nothing that could fail to serialise.
        base64url::encode(serde_json::to_vec(&Written { alg: algorithm, typ, kid, jwk }).unwrap_or_default())
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
                let mut seen: Vec<Text<'de>> = Vec::new();
                while let Some(name) = map.next_key()? {
                    if seen.contains(&name) {
                        return Err(serde::de::Error::custom("a member stands twice"));
                    }
                    match &*name.0 {
                        "alg" => header.algorithm = map.next_value::<Text<'de>>()?.0.parse().ok(),
                        "typ" => header.typ = Some(map.next_value()?),
                        "kid" => header.kid = Some(map.next_value()?),
                        "crit" => {
                            header.critical = true;
                            map.next_value::<IgnoredAny>()?;
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
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

/// Where it stands in the document, if nothing in it is escaped.
#[derive(Deserialize, PartialEq)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The token over those claims, a JSON object; `sign` is given what the signature is over.
pub(crate) fn signed<S: AsRef<[u8]>, E>(
    header: &str,
    claims: &[u8],
    sign: impl FnOnce(&[u8]) -> Result<S, E>,
) -> Result<Secret, E> {
    let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + ROOM_FOR_A_SIGNATURE);
    token.push_str(header);
    token.push('.');
    base64url::append(claims, &mut token);
    let signature = sign(token.as_bytes())?;
    token.push('.');
    base64url::append(signature, &mut token);
    Ok(Secret::new(token))
}

/// A token in its three parts, nothing of it believed yet.
#[derive(Debug)]
pub(crate) struct Compact<'a> {
    /// As it stands there.
    pub(crate) header: &'a str,
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
        let signature = base64url::decode(signature).map_err(|_| JwsFault::Malformed)?;
        Ok(Self { header, message, payload, signature })
    }

    /// The payload, to be read only after the signature was.
    pub(crate) fn claims(&self) -> Result<Map<String, Value>, JwsFault> {
        read(self.payload)
    }
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, JwsFault> {
    let bytes = base64url::decode(part).map_err(|_| JwsFault::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwsFault::Malformed)
}

/// Longer than any token this product makes, and than any header a server accepts.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// That of most algorithms; with one of RSA, the token is moved once.
const ROOM_FOR_A_SIGNATURE: usize = 132;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_with_a_member_twice_is_no_header() {
        for header in [
            r#"{"alg":"HS256","alg":"none"}"#,
            r#"{"alg":"HS256","al\u0067":"none"}"#,
            r#"{"alg":"HS256","x":1,"x":1}"#,
            "[]",
            "1",
            "",
        ] {
            let token = format!("{}.e30.AA", base64url::encode(header));
            let part = Compact::parse(&token).unwrap().header;
            assert_eq!(Header::read(part).unwrap_err(), JwsFault::Malformed, "{header}");
        }
    }
}
