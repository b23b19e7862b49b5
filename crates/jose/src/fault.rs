//! What can be wrong with a key.

use std::borrow::Cow;

use grantway_core::jws::JwsAlgorithm;

use crate::key_kind::KeyKind;

/// What is wrong with a key, in words that name the remedy where there is one. It shows nothing of
/// what is secret in a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It does not have the form that its standard gives it.
    #[error("the key is malformed: {0}")]
    Malformed(Cow<'static, str>),
    /// It is of a kind, a curve or a size that is not used here.
    #[error("the key is not supported: {0}")]
    Unsupported(Cow<'static, str>),
    /// A good key for other algorithms.
    #[error("the key is {}; {algorithm} needs {}", found.in_words(), needed.map_or("a shared secret", KeyKind::as_str))]
    Unfit {
        /// What it is.
        found: KeyKind,
        /// What it was to be used for.
        algorithm: JwsAlgorithm,
        /// What that takes; none for a symmetric algorithm.
        needed: Option<KeyKind>,
    },
    /// It says itself that it is meant for something else.
    #[error("the key is meant for something else: {0}")]
    Reserved(Cow<'static, str>),
    /// It is something other than the private key that was asked for.
    #[error("this is {0}; a private key is needed")]
    NotPrivate(&'static str),
    /// It has a private part where only the public one belongs.
    #[error("this is a private key; only its public half belongs here")]
    Private,
    /// It is protected by a password.
    #[error("the private key is encrypted; decrypt it first, as `openssl pkey -in FILE -out FILE` does")]
    Encrypted,
    /// Its public half is no point of its curve.
    #[error("public key point is not on the curve")]
    NotOnCurve,
    /// Its parts do not belong together.
    #[error("the parts of the key do not belong together: {0}")]
    Inconsistent(&'static str),
    /// A new key could not be made.
    #[error("a new key could not be made")]
    Generation,
    /// The key could not sign.
    #[error("the key could not sign")]
    Signing,
}

impl KeyFault {
    pub(crate) fn malformed(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed(words.into())
    }

    /// Of a kind that nothing here is signed with.
    pub(crate) fn unknown_kind(kty: &str, crv: Option<&str>) -> Self {
        Self::unsupported(match crv {
            Some(crv) => format!("kty {kty:?} with crv {crv:?}"),
            None => format!("kty {kty:?}"),
        })
    }

    pub(crate) fn unsupported(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Unsupported(words.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_for_other_algorithms_is_named_with_what_is_needed() {
        let unfit = |found, algorithm| {
            let needed = KeyKind::of(algorithm);
            KeyFault::Unfit { found, algorithm, needed }.to_string()
        };
        for (found, algorithm, words) in [
            (KeyKind::P384, JwsAlgorithm::ES256, "the key is of curve P-384; ES256 needs P-256"),
            (KeyKind::Rsa, JwsAlgorithm::EdDSA, "the key is RSA; EdDSA needs Ed25519"),
            (KeyKind::Ed25519, JwsAlgorithm::PS512, "the key is of curve Ed25519; PS512 needs RSA"),
            (KeyKind::Rsa, JwsAlgorithm::HS256, "the key is RSA; HS256 needs a shared secret"),
        ] {
            assert_eq!(unfit(found, algorithm), words);
        }
    }
}
