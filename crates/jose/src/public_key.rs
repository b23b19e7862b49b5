//! A public key that was read and is what it says.

use std::fmt;

use grantway_core::base64url;
use grantway_core::jwk::Jwk;
use grantway_core::jws::{JwsAlgorithm, JwsAlgorithm as A};
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

use crate::ec_curve::{EcCurve, EcPair};
use crate::es512;
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::key_parts::PublicParts;
use crate::rsa_pair::{self, RsaPair};
use crate::{der, pem};

/// What a signature is checked with: a JWK whose members were found to be a key.
///
/// ```
/// # use grantway_core::jwk::Jwk;
/// # use grantway_jose::public_key::PublicKey;
/// let short: Jwk = serde_json::from_str(r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#)?;
/// let why = PublicKey::from_jwk(&short).unwrap_err();
/// assert_eq!(why.to_string(), "the key is malformed: x is not 32 bytes long, as Ed25519 has it");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(PublicParts);

impl PublicKey {
    /// From the members of a JWK; what it says it is for (`use`, `alg`, `key_ops`) is not looked at.
    pub fn from_jwk(key: &Jwk) -> Result<Self, KeyFault> {
        Self::to_verify_with(key)?.on_its_curve()
    }

    /// The same without looking whether a point lies on its curve: whoever checks a signature with it looks first
    /// (NIST SP 800-56A section 5.6.2.3), so it would be looked at twice.
    pub(crate) fn to_verify_with(key: &Jwk) -> Result<Self, KeyFault> {
        if key.is_private() {
            return Err(KeyFault::Private);
        }
        match KeyKind::named(&key.kty, key.text("crv")) {
            Some(KeyKind::P256) => Self::of_coordinates(EcCurve::P256, key),
            Some(KeyKind::P384) => Self::of_coordinates(EcCurve::P384, key),
            Some(KeyKind::P521) => Self::of_coordinates(EcCurve::P521, key),
            Some(KeyKind::Ed25519) => {
                let x = member(key, "x")?.try_into();
                let long = |_| KeyFault::malformed("x is not 32 bytes long, as Ed25519 has it");
                x.map(|x| Self(PublicParts::Ed25519(x))).map_err(long)
            }
            Some(KeyKind::Rsa) => Self::of_rsa(member(key, "n")?, member(key, "e")?),
            None => Err(KeyFault::unknown_kind(&key.kty, key.text("crv"))),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match &self.0 {
            PublicParts::Ec { curve, .. } => curve.kind(),
            PublicParts::Ed25519(_) => KeyKind::Ed25519,
            PublicParts::Rsa { .. } => KeyKind::Rsa,
        }
    }

    /// Was `message` signed by `algorithm` with the private half? No, if the algorithm is not for
    /// this kind of key.
    #[must_use]
    pub fn verifies(&self, algorithm: JwsAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if KeyKind::of(algorithm) != Some(self.kind()) {
            return false;
        }
        let by = |how: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(how, key).verify(message, signature).is_ok()
        };
        match &self.0 {
            PublicParts::Ec { curve: EcCurve::P256, point } => by(&signature::ECDSA_P256_SHA256_FIXED, point),
            PublicParts::Ec { curve: EcCurve::P384, point } => by(&signature::ECDSA_P384_SHA384_FIXED, point),
            PublicParts::Ec { curve: EcCurve::P521, point } => es512::verifies(point, message, signature),
            PublicParts::Ed25519(point) => by(&signature::ED25519, point),
            PublicParts::Rsa { n, e } => rsa_parameters(algorithm)
                .is_some_and(|how| RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()),
        }
    }

    /// As it is published, with no `kid` and no word about what it is for.
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        let members = match &self.0 {
            PublicParts::Ec { curve, point } => {
                // The first byte says that both coordinates follow.
                let (x, y) = point[1..].split_at(curve.bytes());
                vec![
                    ("crv", curve.kind().as_str().to_owned()),
                    ("x", base64url::encode(x)),
                    ("y", base64url::encode(y)),
                ]
            }
            PublicParts::Ed25519(x) => vec![("crv", "Ed25519".to_owned()), ("x", base64url::encode(x))],
            PublicParts::Rsa { n, e } => vec![("n", base64url::encode(n)), ("e", base64url::encode(e))],
        };
        Jwk {
            kty: self.kind().kty().to_owned(),
            kid: None,
            key_use: None,
            alg: None,
            members: members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        }
    }

    pub(crate) const fn of_ed25519(x: [u8; 32]) -> Self {
        Self(PublicParts::Ed25519(x))
    }

    pub(crate) fn of_pair(pair: &EcPair) -> Self {
        Self(PublicParts::Ec { curve: pair.curve, point: pair.point.clone() })
    }

    pub(crate) fn of_rsa_pair(pair: &RsaPair) -> Self {
        Self(PublicParts::Rsa { n: pair.n.clone(), e: pair.e.clone() })
    }

    /// As SPKI (RFC 5280 section 4.1.2.7) in PEM, for those who do not read JWK.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::armoured("PUBLIC KEY", &der::spki(&self.0))
    }

    /// From an uncompressed point.
    #[cfg(test)]
    pub(crate) fn of_point(curve: EcCurve, point: Vec<u8>) -> Result<Self, KeyFault> {
        Self(PublicParts::Ec { curve, point }).on_its_curve()
    }

    fn on_its_curve(self) -> Result<Self, KeyFault> {
        match &self.0 {
            PublicParts::Ec { curve, point } if !curve.has(point) => {
                Err(KeyFault::malformed(format!("its coordinates are no point of {}", curve.kind())))
            }
            PublicParts::Ec { .. } | PublicParts::Ed25519(_) | PublicParts::Rsa { .. } => Ok(self),
        }
    }

    /// From a modulus and an exponent, each without leading zeros (RFC 7518 section 2).
    pub(crate) fn of_rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, KeyFault> {
        rsa_pair::is_usable(&n, &e)?;
        Ok(Self(PublicParts::Rsa { n, e }))
    }

    fn of_coordinates(curve: EcCurve, key: &Jwk) -> Result<Self, KeyFault> {
        let (x, y) = (member(key, "x")?, member(key, "y")?);
        for (name, coordinate) in [("x", &x), ("y", &y)] {
            if coordinate.len() != curve.bytes() {
                return Err(curve.bad_length(name));
            }
        }
        Ok(Self(PublicParts::Ec { curve, point: [&[4], &x[..], &y[..]].concat() }))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind())
    }
}

fn rsa_parameters(algorithm: JwsAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        A::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        A::PS384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        A::PS512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        A::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        A::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        A::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        A::ES256 | A::ES384 | A::ES512 | A::Ed25519 | A::EdDSA | A::HS256 | A::HS384 | A::HS512 => None,
    }
}

fn member(key: &Jwk, name: &str) -> Result<Vec<u8>, KeyFault> {
    let text = key.text(name).ok_or_else(|| KeyFault::malformed(format!("{name} is missing or no text")))?;
    base64url::decode(text).map_err(|_| KeyFault::malformed(format!("{name} is not base64url")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::jws::Compact;
    use crate::vectors::{EXAMPLES, Example};

    fn read(document: &Value) -> Result<PublicKey, KeyFault> {
        PublicKey::from_jwk(&serde_json::from_value(document.clone()).unwrap())
    }

    fn example(source: &str) -> &'static Example {
        EXAMPLES.iter().find(|example| example.source.ends_with(source)).unwrap()
    }

    #[test]
    fn the_standards_examples_verify_by_their_algorithm_and_by_no_other() {
        for example in &EXAMPLES {
            let key = read(&example.public()).unwrap();
            let compact = Compact::parse(example.token).unwrap();
            let message = compact.message.as_bytes();
            let mut changed = compact.signature.clone();
            changed[9] ^= 1;

            for algorithm in JwsAlgorithm::ALL {
                // RFC 9864 section 2.2: two names of one thing.
                let same = algorithm == example.algorithm
                    || (algorithm, example.algorithm) == (JwsAlgorithm::Ed25519, JwsAlgorithm::EdDSA);
                let verified = key.verifies(algorithm, message, &compact.signature);
                assert_eq!(verified, same, "{} by {algorithm}", example.source);
            }
            assert!(!key.verifies(example.algorithm, message, &changed), "{}", example.source);
            assert!(!key.verifies(example.algorithm, &message[1..], &compact.signature));
        }
    }

    #[test]
    fn a_member_that_is_not_what_it_should_be_is_named() {
        let long = base64url::encode([1; 33]);
        for (source, member, value, words) in [
            ("A.3", "x", json!(long), "malformed: x is not 32 bytes long, as P-256 has it"),
            ("A.3", "y", json!("AAAA"), "malformed: y is not 32 bytes long"),
            ("A.3", "y", json!("!"), "malformed: y is not base64url"),
            ("A.3", "y", json!(1), "malformed: y is missing or no text"),
            ("A.3", "crv", json!("P-384"), "malformed: x is not 48 bytes long, as P-384 has it"),
            ("A.3", "crv", json!("secp256k1"), r#"not supported: kty "EC" with crv "secp256k1""#),
            ("A.3", "kty", json!("oct"), r#"not supported: kty "oct""#),
            ("A.3", "x", json!(base64url::encode([0xff; 32])), "its coordinates are no point of P-256"),
            ("A.4", "x", json!(base64url::encode([1; 66])), "its coordinates are no point of P-521"),
            ("8037 appendix A.4", "x", json!(long), "malformed: x is not 32 bytes long, as Ed25519 has it"),
            ("8037 appendix A.4", "crv", json!("Ed448"), r#"crv "Ed448""#),
            ("A.2", "e", json!("AAEAAQ"), "begins with a zero byte"),
            ("A.2", "e", json!("AQ"), "public exponent is even, too small or too large"),
            ("A.2", "e", json!("AQAA"), "public exponent is even, too small or too large"),
            (
                "A.2",
                "n",
                json!(base64url::encode([0x80; 128])),
                "RSA of 1024 bits, and 2048 to 8192 are used",
            ),
            ("A.2", "n", json!(base64url::encode([1; 1025])), "RSA of 8193 bits"),
            ("A.2", "d", json!("AQAB"), "this is a private key"),
        ] {
            let mut document = example(source).public();
            document[member] = value;
            let fault = read(&document).unwrap_err().to_string();
            assert!(fault.contains(words), "{source} {member}: {fault}");
        }
    }

    #[test]
    fn what_is_read_is_written_again() {
        for example in &EXAMPLES {
            let document = example.public();
            let own = read(&document).unwrap().to_jwk();
            for (name, value) in &own.members {
                assert_eq!(document[name], *value, "{} {name}", example.source);
            }
            assert_eq!(document["kty"], own.kty);
        }
    }
}
