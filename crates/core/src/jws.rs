//! Signed tokens: the algorithms and types of RFC 7515, RFC 7518 and RFC 8725.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::base64url;
use crate::error::Malformed;

/// The `alg` of RFC 7518 section 3.1, RFC 8037 and RFC 9864.
///
/// There is no `none`: a token that says so is refused as unknown. They are in the order of their
/// names, so that what is sorted here and what is sorted in a row's text agree.
///
/// ```
/// use grantway_core::jws::JwsAlgorithm;
///
/// let named: JwsAlgorithm = "PS384".parse()?;
/// assert!(!named.is_symmetric());
/// assert!("none".parse::<JwsAlgorithm>().is_err());
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JwsAlgorithm {
    /// ECDSA on P-256 with SHA-256: small and quick to sign.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// `EdDSA` on Ed25519, by the name that leaves nothing open (RFC 9864 section 2.2).
    Ed25519,
    /// `EdDSA` (RFC 8037 section 3.1); of its curves Ed25519 alone.
    EdDSA,
    /// HMAC with SHA-256: both sides hold the same secret.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every relying party understands.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
}

impl JwsAlgorithm {
    /// All there are.
    pub const ALL: [Self; 14] = [
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::Ed25519,
        Self::EdDSA,
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
    ];

    /// Those whose verifier holds a public key and no secret: what a client may sign an assertion by.
    pub const ASYMMETRIC: [Self; 11] = [
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::Ed25519,
        Self::EdDSA,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
    ];

    /// What an instance signs its tokens by. The symmetric ones are not among them: their key is a client's secret.
    pub const OF_AN_INSTANCE: [Self; 2] = [Self::RS256, Self::ES256];

    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::Ed25519 => "Ed25519",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
        }
    }

    /// Do both sides hold the same secret? Such a key is never in a published set.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::HS256 | Self::HS384 | Self::HS512)
    }

    /// The hash that the signature is made with; also that of `at_hash` and its like
    /// (OpenID Connect Core section 3.1.3.6).
    #[must_use]
    pub const fn hash(self) -> HashFunction {
        match self {
            Self::ES256 | Self::HS256 | Self::PS256 | Self::RS256 => HashFunction::Sha256,
            Self::ES384 | Self::HS384 | Self::PS384 | Self::RS384 => HashFunction::Sha384,
            // RFC 8032 section 5.1: Ed25519 hashes with SHA-512.
            Self::ES512 | Self::Ed25519 | Self::EdDSA | Self::HS512 | Self::PS512 | Self::RS512 => {
                HashFunction::Sha512
            }
        }
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for JwsAlgorithm {
    type Err = Malformed;

    fn from_str(name: &str) -> Result<Self, Malformed> {
        // RFC 7515 section 4.1.1: names differ by case.
        Self::ALL.into_iter().find(|own| own.as_str() == name).ok_or(Malformed("alg"))
    }
}

impl Serialize for JwsAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for JwsAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A member of the SHA-2 family, by which algorithms differ that are otherwise the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashFunction {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes.
    Sha512,
}

impl HashFunction {
    /// How many bytes it puts out.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The `typ` header of RFC 8725 section 3.11: what a token is for, so that one is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenType {
    /// An access token (RFC 9068 section 2.1).
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// Shows that the sender holds a key (RFC 9449 section 4.2); names that key by `jwk`, and not by `kid`.
    #[serde(rename = "dpop+jwt")]
    DpopProof,
    /// Any other JWT: an ID token, a client assertion.
    #[serde(rename = "JWT")]
    Jwt,
}

impl TokenType {
    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::DpopProof => "dpop+jwt",
            Self::Jwt => "JWT",
        }
    }
}

/// What the header of a compact JWS says, not believed yet: whoever made the token wrote it.
pub fn unverified_header(token: &str) -> Result<Map<String, Value>, Malformed> {
    const MALFORMED: Malformed = Malformed("JWS header");
    let (header, _) = token.split_once('.').ok_or(MALFORMED)?;
    let bytes = base64url::decode(header).map_err(|_| MALFORMED)?;
    serde_json::from_slice(&bytes).map_err(|_| MALFORMED)
}

/// What the payload of a compact JWS says, not believed yet.
pub fn unverified_claims(token: &str) -> Result<Map<String, Value>, Malformed> {
    const MALFORMED: Malformed = Malformed("JWS payload");
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(MALFORMED);
    };
    let bytes = base64url::decode(payload).map_err(|_| MALFORMED)?;
    serde_json::from_slice(&bytes).map_err(|_| MALFORMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_is_found_by_its_name_and_stands_in_the_order_of_names() {
        let names = JwsAlgorithm::ALL.map(JwsAlgorithm::as_str);
        assert!(names.is_sorted());
        assert!(JwsAlgorithm::ALL.is_sorted());
        for algorithm in JwsAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.as_str());
        }
    }

    #[test]
    fn a_name_nobody_knows_is_malformed() {
        for name in ["none", "es256", "ES256K", "Ed448", "RS1", "", " RS256"] {
            assert_eq!(name.parse::<JwsAlgorithm>(), Err(Malformed("alg")), "{name}");
            assert!(serde_json::from_value::<JwsAlgorithm>(name.into()).is_err(), "{name}");
        }
    }

    #[test]
    fn the_asymmetric_ones_are_all_but_the_symmetric() {
        let asymmetric: Vec<_> = JwsAlgorithm::ALL.into_iter().filter(|own| !own.is_symmetric()).collect();
        assert_eq!(asymmetric, JwsAlgorithm::ASYMMETRIC);
    }
}
