//! Proof Key for Code Exchange: RFC 7636, method `S256` alone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::base64url;
use crate::digest::sha256;
use crate::error::Malformed;

/// The `code_challenge` of RFC 7636 section 4.2: SHA-256 of the verifier, 43 characters of base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge(Box<str>);

impl CodeChallenge {
    /// The characters as they go on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Was this challenge made of that verifier (RFC 7636 section 4.6)?
    ///
    /// ```
    /// # use grantway_core::pkce::{CodeChallenge, CodeVerifier};
    /// let verifier: CodeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".parse()?;
    /// let challenge: CodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse()?;
    /// assert!(challenge.answers(&verifier));
    /// # Ok::<(), grantway_core::error::Malformed>(())
    /// ```
    #[must_use]
    pub fn answers(&self, verifier: &CodeVerifier) -> bool {
        verifier.challenge().0.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

impl FromStr for CodeChallenge {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        match base64url::decode(raw) {
            Ok(digest) if digest.len() == 32 => Ok(Self(raw.into())),
            _ => Err(Malformed("code_challenge")),
        }
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.0.into()
    }
}

/// The `code_verifier` of RFC 7636 section 4.1: 43 to 128 unreserved characters, known to the client alone.
#[derive(Clone)]
pub struct CodeVerifier(Box<str>);

impl CodeVerifier {
    /// Goes on the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The challenge that this verifier answers.
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(base64url::encode(sha256(self.0.as_bytes())).into())
    }
}

impl FromStr for CodeVerifier {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        ((43..=128).contains(&raw.len()) && raw.bytes().all(legal))
            .then(|| Self(raw.into()))
            .ok_or(Malformed("code_verifier"))
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for (raw, good) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("~".repeat(128), true),
            ("a".repeat(129), false),
            (format!("{}+", "a".repeat(43)), false),
        ] {
            assert_eq!(raw.parse::<CodeVerifier>().is_ok(), good, "{raw}");
        }
    }

    #[test]
    fn a_challenge_is_a_sha256_in_base64url() {
        for bad in ["", "abc", &"a".repeat(44), &format!("{}=", "a".repeat(42)), &"+".repeat(43)] {
            assert!(bad.parse::<CodeChallenge>().is_err(), "{bad}");
        }
    }
}
