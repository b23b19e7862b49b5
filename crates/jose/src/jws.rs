//! Compact JWS (RFC 7515 section 3.1): its three parts, and what its header says.

use std::fmt;

use grantway_core::base64url;
use grantway_core::jwk::Jwk;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::JwsFault;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The members of a JOSE header that mean anything here. Keys and key addresses a token carries
/// (`jwk`, `jku`, `x5c`, `x5u`) are not read: whoever signs a token does not choose its key.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) typ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    /// Written into a proof of possession; never read, see above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jwk: Option<Jwk>,
    #[serde(skip)]
    pub(crate) critical: bool,
}

impl Header {
    /// Names the key: by its name, or in a proof of possession by the key itself (RFC 9449 section 4.2).
    pub(crate) fn of(algorithm: JwsAlgorithm, typ: TokenType, key: &Jwk) -> Self {
        let unnamed = Self::unnamed(algorithm, typ);
        match typ {
            TokenType::DpopProof => {
                let bare = Jwk { kid: None, key_use: None, alg: None, ..key.clone() };
                Self { jwk: Some(bare), ..unnamed }
            }
            TokenType::AccessToken | TokenType::Jwt => Self { kid: key.kid.clone(), ..unnamed },
        }
    }

    /// For a key that both sides hold and nobody published.
    pub(crate) fn unnamed(algorithm: JwsAlgorithm, typ: TokenType) -> Self {
        Self { alg: algorithm.as_str().into(), typ: Some(typ.as_str().into()), ..Self::default() }
    }

    pub(crate) fn encode(&self) -> String {
        // Strings: there is nothing that could fail to serialise.
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

    #[test]
    fn a_header_with_a_member_twice_is_no_header() {
        for header in [r#"{"alg":"HS256","alg":"none"}"#, r#"{"alg":"HS256","x":1,"x":1}"#, "[]", "1", ""] {
            let token = format!("{}.e30.AA", base64url::encode(header));
            assert_eq!(Compact::parse(&token).unwrap_err(), JwsFault::Malformed, "{header}");
        }
    }
}
