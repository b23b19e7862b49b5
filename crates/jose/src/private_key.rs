//! A private key, however it was written down: made, read and written.

use std::fmt;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::Entropy;
use grantway_core::secret::Secret;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::ec_curve::{EcCurve, EcPair};
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::key_parts::PrivateParts;
use crate::public_key::PublicKey;
use crate::rsa_pair::RsaPair;
pub use crate::rsa_pair::RsaSize;
use crate::{der, pem, private_jwk};

/// A private key whose parts belong together, bound to no algorithm yet. Its `Debug` shows nothing
/// of it.
///
/// ```
/// use grantway_core::jws::JwsAlgorithm;
/// use grantway_jose::entropy::RingEntropy;
/// use grantway_jose::key_kind::KeyKind;
/// use grantway_jose::private_key::PrivateKey;
/// use grantway_jose::signing_key::SigningKey;
///
/// let key = PrivateKey::generate(KeyKind::P384, &RingEntropy::new()?)?;
/// let again = PrivateKey::read(key.to_pem().expose().as_bytes())?;
/// assert_eq!(again.public(), key.public());
///
/// let why = SigningKey::new(&again, JwsAlgorithm::ES256).unwrap_err();
/// assert_eq!(why.to_string(), "the key is of curve P-384; ES256 needs P-256");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PrivateKey {
    parts: PrivateParts,
    /// The one algorithm a JWK says it is for.
    meant_for: Option<JwsAlgorithm>,
}

impl PrivateKey {
    /// A new key pair; RSA of 2048 bits, which takes a good part of a second: not for an async thread.
    pub fn generate(kind: KeyKind, entropy: &dyn Entropy) -> Result<Self, KeyFault> {
        match kind {
            KeyKind::P256 => Ok(Self::of(PrivateParts::Ec(EcPair::generate(EcCurve::P256, entropy)))),
            KeyKind::P384 => Ok(Self::of(PrivateParts::Ec(EcPair::generate(EcCurve::P384, entropy)))),
            KeyKind::P521 => Ok(Self::of(PrivateParts::Ec(EcPair::generate(EcCurve::P521, entropy)))),
            KeyKind::Ed25519 => {
                let mut seed = Zeroizing::new([0; 32]);
                entropy.fill(&mut *seed);
                PrivateParts::of_seed(seed, None).map(Self::of)
            }
            KeyKind::Rsa => Self::generate_rsa(RsaSize::default(), entropy),
        }
    }

    /// A new RSA key pair of that size. Takes seconds where it is large.
    pub fn generate_rsa(size: RsaSize, entropy: &dyn Entropy) -> Result<Self, KeyFault> {
        Ok(Self::of(PrivateParts::Rsa(RsaPair::generate(size, entropy)?)))
    }

    /// From the content of a file, whatever form the key has in it: JWK, PEM or DER.
    pub fn read(content: &[u8]) -> Result<Self, KeyFault> {
        if content.len() > MAX_BYTES {
            return Err(KeyFault::malformed("it is longer than any key"));
        }
        match std::str::from_utf8(content) {
            Ok(text) if text.trim_start().starts_with('{') => {
                let document = serde_json::from_str(text);
                Self::from_jwk(&document.map_err(|_| KeyFault::malformed("it is not JSON"))?)
            }
            Ok(text) if text.contains("-----BEGIN ") => Self::from_pem(text),
            Ok(_) | Err(_) => Self::from_der(content),
        }
    }

    /// From a private JWK (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2).
    pub fn from_jwk(document: &Value) -> Result<Self, KeyFault> {
        private_jwk::read(document).map(|(parts, meant_for)| Self { parts, meant_for })
    }

    /// From PEM (RFC 7468) around PKCS#8, PKCS#1 or SEC 1.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        if text.len() > MAX_BYTES {
            return Err(KeyFault::malformed("it is longer than any key"));
        }
        Self::from_der(&pem::private_key(text)?)
    }

    /// From DER: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2) or SEC 1 (RFC 5915).
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyFault> {
        der::private_key(bytes).map(Self::of)
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.parts.kind()
    }

    /// The half that others may see.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.parts {
            PrivateParts::Ec(pair) => PublicKey::of_pair(pair),
            PrivateParts::Ed25519 { public, .. } => PublicKey::of_ed25519(*public),
            PrivateParts::Rsa(pair) => PublicKey::of_rsa_pair(pair),
        }
    }

    /// As PKCS#8 in DER, to be sealed.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        der::pkcs8(&self.parts)
    }

    /// As a private JWK (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2), in one line of JSON: the key alone, with
    /// no word about what it is for.
    ///
    /// ```
    /// # use grantway_jose::{entropy::RingEntropy, key_kind::KeyKind, private_key::PrivateKey};
    /// let key = PrivateKey::generate(KeyKind::Ed25519, &RingEntropy::new()?)?;
    /// let again = PrivateKey::read(key.to_jwk().expose().as_bytes())?;
    /// assert_eq!(again.to_pkcs8(), key.to_pkcs8());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_jwk(&self) -> Secret {
        private_jwk::written(&self.parts, &self.public())
    }

    /// As PKCS#8 in PEM, to be taken elsewhere.
    #[must_use]
    pub fn to_pem(&self) -> Secret {
        Secret::new(pem::armoured("PRIVATE KEY", &self.to_pkcs8()))
    }

    pub(crate) const fn parts(&self) -> &PrivateParts {
        &self.parts
    }

    /// May it sign by that algorithm?
    pub(crate) fn serves(&self, algorithm: JwsAlgorithm) -> Result<(), KeyFault> {
        self.parts.serves(algorithm)?;
        match self.meant_for {
            Some(own) if own != algorithm => {
                Err(KeyFault::Reserved(format!("its alg is {own}, not {algorithm}").into()))
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) const fn of(parts: PrivateParts) -> Self {
        Self { parts, meant_for: None }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.kind())
    }
}

/// Longer than any key, and than a file with a key and its chain of certificates.
const MAX_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use grantway_core::testing::SeededEntropy;
    use proptest::prelude::*;
    use ring::rand::SystemRandom;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    };

    use super::*;
    use crate::vectors::EXAMPLES;

    macro_rules! fixture {
        ($name:literal) => {
            ($name, include_str!(concat!("../fixtures/", $name, ".pem")))
        };
    }

    const KINDS: [KeyKind; 5] = [KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Ed25519, KeyKind::Rsa];

    fn of_the_standard(source: &str) -> PublicKey {
        let example = EXAMPLES.iter().find(|example| example.source.ends_with(source)).unwrap();
        PrivateKey::from_jwk(&example.private()).unwrap().public()
    }

    /// The bytes of the last block, as `openssl … -outform DER` writes them.
    fn der_of(pem: &str) -> Vec<u8> {
        let last = &pem[pem.rfind("-----BEGIN").unwrap()..];
        pem_rfc7468::decode_vec(last.trim().as_bytes()).unwrap().1
    }

    #[test]
    fn what_openssl_writes_is_read_with_and_without_armour() {
        for ((name, pem), source) in [
            (fixture!("p256_pkcs8"), "7515 appendix A.3"),
            (fixture!("p256_sec1_after_its_parameters"), "7515 appendix A.3"),
            (fixture!("p256_sec1_without_public"), "7515 appendix A.3"),
            (fixture!("p521_sec1"), "7515 appendix A.4"),
            (fixture!("rsa_pkcs8"), "7515 appendix A.2"),
            (fixture!("rsa_pkcs1"), "7515 appendix A.2"),
            (fixture!("ed25519_pkcs8"), "8037 appendix A.4"),
        ] {
            let public = of_the_standard(source);
            let read = |content: &[u8]| PrivateKey::read(content).map(|key| key.public());
            assert_eq!(read(pem.as_bytes()).as_ref(), Ok(&public), "{name}");
            assert_eq!(read(pem.replace('\n', "\r\n").as_bytes()).as_ref(), Ok(&public), "{name}");
            assert_eq!(read(&der_of(pem)).as_ref(), Ok(&public), "{name} as DER");
        }
    }

    #[test]
    fn a_key_is_found_beside_its_certificate() {
        let (_, pem) = fixture!("p256_before_its_certificate");
        let (_, certificate) = fixture!("certificate");
        let (_, key) = fixture!("p256_pkcs8");
        for pem in [pem, &format!("{certificate}\nBag Attributes\n{key}")] {
            assert_eq!(PrivateKey::from_pem(pem).unwrap().public(), of_the_standard("7515 appendix A.3"));
        }
    }

    #[test]
    fn what_is_no_private_key_for_here_is_said_in_words() {
        for ((name, pem), words) in [
            (fixture!("encrypted_pkcs8"), "the private key is encrypted; decrypt it first"),
            (fixture!("public"), "this is a public key; a private key is needed"),
            (fixture!("certificate"), "this is a certificate"),
            (fixture!("x25519"), "not supported: its algorithm is 1.3.101.110"),
            (fixture!("ed448"), "not supported: its algorithm is 1.3.101.113"),
            (fixture!("secp256k1"), "not supported: its curve is 1.3.132.0.10"),
            (fixture!("rsa_pss"), "RSA for PSS alone"),
            (fixture!("rsa_1024"), "RSA of 1024 bits"),
            (fixture!("p256_sec1_explicit_curve"), "spells out its curve instead of naming it"),
        ] {
            for content in [pem.as_bytes(), &der_of(pem)] {
                let fault = PrivateKey::read(content).unwrap_err().to_string();
                assert!(fault.contains(words), "{name}: {fault}");
            }
        }
        // What the armour alone tells.
        for ((name, pem), words) in [
            (fixture!("encrypted_sec1"), "the private key is encrypted; decrypt it first"),
            (fixture!("request"), "this is a request for a certificate"),
        ] {
            let fault = PrivateKey::read(pem.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(words), "{name}: {fault}");
        }
        let (_, pem) = fixture!("p256_pkcs8");
        for (label, words) in [
            ("OPENSSH PRIVATE KEY", "`ssh-keygen -p -m PKCS8 -f FILE` rewrites it"),
            ("DSA PRIVATE KEY", "a PEM block of \"DSA PRIVATE KEY\""),
            ("PGP MESSAGE", "a PEM block of \"PGP MESSAGE\""),
        ] {
            let fault = PrivateKey::from_pem(&pem.replace("PRIVATE KEY", label)).unwrap_err().to_string();
            assert!(fault.contains(words), "{label}: {fault}");
        }
    }

    #[test]
    fn what_is_damaged_is_malformed() {
        let (_, pem) = fixture!("p256_pkcs8");
        let der = der_of(pem);
        let longer = [&der[..], &[0]].concat();
        for (name, content) in [
            ("nothing", &b""[..]),
            ("a beginning", b"-----BEGIN PRIVATE KEY-----"),
            ("base64 without armour", b"MIGHAgEAMBMG"),
            ("half of it", &der[..der.len() / 2]),
            ("a byte too many", &longer),
            ("JSON cut off", b"{\"kty\":"),
            ("too much", &vec![b' '; MAX_BYTES + 1]),
            ("armour around nonsense", b"-----BEGIN PRIVATE KEY-----\nMIGHAgEA!\n-----END PRIVATE KEY-----"),
        ] {
            let fault = PrivateKey::read(content).unwrap_err();
            assert!(matches!(fault, KeyFault::Malformed(_)), "{name}: {fault}");
        }
    }

    #[test]
    fn a_new_key_survives_being_written_and_is_not_the_next_one() {
        let entropy = SeededEntropy::new(1);
        for kind in KINDS {
            let (key, next) = (
                PrivateKey::generate(kind, &entropy).unwrap(),
                PrivateKey::generate(kind, &entropy).unwrap(),
            );
            assert_eq!(key.kind(), kind);
            assert_ne!(key.public(), next.public());

            for again in [PrivateKey::from_der(&key.to_pkcs8()), PrivateKey::from_pem(key.to_pem().expose())]
            {
                assert_eq!(again.unwrap().to_pkcs8(), key.to_pkcs8(), "{kind}");
            }
            let fault = PrivateKey::read(key.public().to_pem().as_bytes()).unwrap_err();
            assert_eq!(fault, KeyFault::NotPrivate("a public key"));
        }
    }

    #[test]
    fn a_public_key_is_written_as_openssl_writes_it() {
        let (_, pem) = fixture!("public");
        assert_eq!(of_the_standard("7515 appendix A.3").to_pem(), pem);
    }

    #[test]
    fn what_ring_generates_is_read() {
        let random = SystemRandom::new();
        let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let p384 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random).unwrap();
        // Of version 2, with the public key beside it.
        let ed25519 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        for (document, kind) in [(p256, KeyKind::P256), (p384, KeyKind::P384), (ed25519, KeyKind::Ed25519)] {
            assert_eq!(PrivateKey::from_der(document.as_ref()).unwrap().kind(), kind);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(at in 0_usize..138, to in 0_u8.., cut in 0_usize..138) {
            let mut der = der_of(fixture!("p256_pkcs8").1);
            der[at] = to;
            // Whatever comes of it, it comes as a value.
            let _ = PrivateKey::read(&der);
            let _ = PrivateKey::read(&der[..cut]);
        }
    }
}
