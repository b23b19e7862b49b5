//! A private key, however it was written down: made, read and written.

use std::fmt;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::Entropy;
use grantway_core::secret::Secret;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::ec_curve::{EcCurve, EcPair};
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
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

pub(crate) enum PrivateParts {
    Ec(EcPair),
    Ed25519 { seed: Zeroizing<[u8; 32]>, public: [u8; 32] },
    Rsa(RsaPair),
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
        private_jwk::read(document)
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
        match &self.parts {
            PrivateParts::Ec(pair) => pair.curve.kind(),
            PrivateParts::Ed25519 { .. } => KeyKind::Ed25519,
            PrivateParts::Rsa(_) => KeyKind::Rsa,
        }
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
        let (found, needed) = (self.kind(), KeyKind::of(algorithm));
        if needed != Some(found) {
            return Err(KeyFault::Unfit { found, algorithm, needed });
        }
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

    pub(crate) fn meant_for(self, algorithm: JwsAlgorithm) -> Self {
        Self { meant_for: Some(algorithm), ..self }
    }
}

impl PrivateParts {
    /// The public key is worked out; the one that was given, if any, must be the same.
    pub(crate) fn of_seed(seed: Zeroizing<[u8; 32]>, given: Option<&[u8]>) -> Result<Self, KeyFault> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed)
            .map_err(|_| KeyFault::malformed("d is not 32 bytes long, as Ed25519 has it"))?;
        let own = pair.public_key().as_ref();
        if given.is_some_and(|given| given != own) {
            return Err(KeyFault::Inconsistent("x is not the public half of d"));
        }
        let public = own.try_into().map_err(|_| KeyFault::malformed("a public key has 32 bytes"))?;
        Ok(Self::Ed25519 { seed, public })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.kind())
    }
}

/// Longer than any key, and than a file with a key and its chain of certificates.
const MAX_BYTES: usize = 64 * 1024;
