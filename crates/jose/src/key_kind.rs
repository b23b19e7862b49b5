//! The kinds of key pairs there are.

use std::fmt;

use grantway_core::jws::JwsAlgorithm;

/// What a key pair is made of: decides which algorithms it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A point of NIST P-256 (RFC 7518 section 6.2).
    P256,
    /// A point of NIST P-384.
    P384,
    /// A point of NIST P-521.
    P521,
    /// A point of Ed25519 (RFC 8037 section 2).
    Ed25519,
    /// A modulus and an exponent (RFC 7518 section 6.3).
    Rsa,
}

impl KeyKind {
    /// The kind an algorithm needs; none for a symmetric one, whose key both sides hold.
    #[must_use]
    pub const fn of(algorithm: JwsAlgorithm) -> Option<Self> {
        match algorithm {
            JwsAlgorithm::ES256 => Some(Self::P256),
            JwsAlgorithm::ES384 => Some(Self::P384),
            JwsAlgorithm::ES512 => Some(Self::P521),
            JwsAlgorithm::Ed25519 | JwsAlgorithm::EdDSA => Some(Self::Ed25519),
            JwsAlgorithm::PS256
            | JwsAlgorithm::PS384
            | JwsAlgorithm::PS512
            | JwsAlgorithm::RS256
            | JwsAlgorithm::RS384
            | JwsAlgorithm::RS512 => Some(Self::Rsa),
            JwsAlgorithm::HS256 | JwsAlgorithm::HS384 | JwsAlgorithm::HS512 => None,
        }
    }

    /// Its name: that of the curve where there is one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Ed25519 => "Ed25519",
            Self::Rsa => "RSA",
        }
    }

    /// The `kty` of its JWK.
    pub(crate) const fn kty(self) -> &'static str {
        match self {
            Self::P256 | Self::P384 | Self::P521 => "EC",
            Self::Ed25519 => "OKP",
            Self::Rsa => "RSA",
        }
    }

    /// The kind a JWK says it is of.
    pub(crate) fn named(kty: &str, crv: Option<&str>) -> Option<Self> {
        match (kty, crv) {
            ("EC", Some("P-256")) => Some(Self::P256),
            ("EC", Some("P-384")) => Some(Self::P384),
            ("EC", Some("P-521")) => Some(Self::P521),
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519),
            ("RSA", _) => Some(Self::Rsa),
            _ => None,
        }
    }

    /// How it stands in a sentence.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::P256 => "of curve P-256",
            Self::P384 => "of curve P-384",
            Self::P521 => "of curve P-521",
            Self::Ed25519 => "of curve Ed25519",
            Self::Rsa => "RSA",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
