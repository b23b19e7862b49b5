//! SHA-2 and HMAC, here because only one crate may name ring and every crate needs a digest.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base64url;
use crate::error::Malformed;
use crate::jws::HashFunction;
use crate::secret::Secret;

/// SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-384 of `bytes`.
#[must_use]
pub fn sha384(bytes: impl AsRef<[u8]>) -> [u8; 48] {
    Sha384::digest(bytes).into()
}

/// SHA-512 of `bytes`.
#[must_use]
pub fn sha512(bytes: impl AsRef<[u8]>) -> [u8; 64] {
    Sha512::digest(bytes).into()
}

/// The left half of a hash, as `at_hash` and `c_hash` have it (OpenID Connect Core section 3.1.3.6).
#[must_use]
pub fn half_hash(hash: HashFunction, text: &str) -> String {
    match hash {
        HashFunction::Sha256 => base64url::encode(&sha256(text)[..16]),
        HashFunction::Sha384 => base64url::encode(&sha384(text)[..24]),
        HashFunction::Sha512 => base64url::encode(&sha512(text)[..32]),
    }
}

/// HMAC-SHA-256 (RFC 2104) of several parts, each led by its length, so that no two lists agree.
#[must_use]
pub fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than the hash's block is padded with zeros (RFC 2104 section 2).
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// What kind of secret a [`TokenDigest`] stands for; two kinds never have the same digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestKind {
    /// An access token.
    AccessToken,
    /// An API key.
    ApiKey,
    /// A `jti` or another value that may be used once.
    Assertion,
    /// A client's secret.
    ClientSecret,
    /// An authorization code.
    Code,
    /// The part all refresh tokens of one grant share.
    Family,
    /// The `jti` of a proof of possession, and the key that signed it.
    Proof,
    /// A refresh token.
    RefreshToken,
    /// The value of a session cookie.
    Session,
    /// What attempts are counted by.
    ThrottleTarget,
    /// The `jti` of a token.
    TokenId,
}

impl DigestKind {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"grantway access token\0",
            Self::ApiKey => b"grantway api key\0",
            Self::Assertion => b"grantway assertion\0",
            Self::ClientSecret => b"grantway client secret\0",
            Self::Code => b"grantway code\0",
            Self::Family => b"grantway family\0",
            Self::Proof => b"grantway proof\0",
            Self::RefreshToken => b"grantway refresh token\0",
            Self::Session => b"grantway session\0",
            Self::ThrottleTarget => b"grantway throttle target\0",
            Self::TokenId => b"grantway token id\0",
        }
    }
}

/// SHA-256 of a generated secret and its kind: what a store may see of it.
///
/// A plain hash is enough for values of 128 random bits and more; people's passwords never come here.
///
/// ```
/// use grantway_core::digest::{DigestKind, TokenDigest};
/// use grantway_core::secret::Secret;
///
/// let token = Secret::new("ort_example");
/// let code = TokenDigest::of(DigestKind::Code, &token);
/// let refresh = TokenDigest::of(DigestKind::RefreshToken, &token);
/// assert!(code != refresh, "a code is never found as a refresh token");
/// ```
#[derive(Clone, Copy, Eq)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Digests a secret as the kind it was presented as.
    #[must_use]
    pub fn of(kind: DigestKind, secret: &Secret) -> Self {
        Self(Sha256::new().chain_update(kind.label()).chain_update(secret.expose()).finalize().into())
    }

    /// From the 32 bytes of a row.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        bytes.try_into().map(Self).map_err(|_| Malformed("digest"))
    }

    /// The 32 bytes that go into a row.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

impl Serialize for TokenDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for TokenDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        base64url::decode(&text).and_then(|bytes| Self::from_bytes(&bytes)).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_mac_cannot_be_shifted() {
        let key = [7; 32];
        assert_ne!(hmac_sha256(&key, &[b"ab", b"c"]), hmac_sha256(&key, &[b"a", b"bc"]));
    }

    #[test]
    fn sha256_of_abc_is_the_standards_vector() {
        assert_eq!(base64url::encode(sha256("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }
}
