//! A private key that signs by one algorithm, and the public key that goes with it.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::ids::KeyId;
use grantway_core::jwk::{Jwk, JwkSet};
use grantway_core::jws::{JwsAlgorithm, JwsAlgorithm as A, TokenType};
use grantway_core::seam::{Entropy, SeamError, Signer, ToSign};
use grantway_core::secret::Secret;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, RsaEncoding, RsaKeyPair};

use crate::ec_curve::{EcCurve, EcPair};
use crate::es512::Es512;
use crate::fault::KeyFault;
use crate::jws::{self, Header};
use crate::key_kind::KeyKind;
use crate::key_parts::PrivateParts;
use crate::private_key::PrivateKey;
use crate::public_key::PublicKey;
use crate::rsa_pair::RsaPair;

/// A key pair for one algorithm. Its `Debug` names the key and shows nothing of it.
pub struct SigningKey {
    pair: Pair,
    algorithm: JwsAlgorithm,
    kid: KeyId,
    public: PublicKey,
    published: Jwk,
    /// One encoded header a type, made once.
    headers: [(TokenType, String); 3],
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Es512(Es512),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
}

impl SigningKey {
    /// Binds a key to the algorithm it signs by from now on: it must be of the kind the algorithm
    /// needs, and meant for no other.
    pub fn new(key: &PrivateKey, algorithm: JwsAlgorithm) -> Result<Self, KeyFault> {
        key.serves(algorithm)?;
        let pair = match key.parts() {
            PrivateParts::Ec(pair) => match pair.curve {
                EcCurve::P256 => ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, pair)?,
                EcCurve::P384 => ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING, pair)?,
                EcCurve::P521 => Pair::Es512(Es512::from_scalar(&pair.scalar)?),
            },
            PrivateParts::Ed25519 { seed, public } => {
                let pair = Ed25519KeyPair::from_seed_and_public_key(&**seed, public);
                Pair::Ed25519(pair.map_err(|_| KeyFault::Inconsistent("x is not the public half of d"))?)
            }
            PrivateParts::Rsa(pair) => {
                let encoding = rsa_encoding(algorithm).ok_or(KeyFault::Unfit {
                    found: KeyKind::Rsa,
                    algorithm,
                    needed: KeyKind::of(algorithm),
                })?;
                Pair::Rsa(rsa(pair)?, encoding)
            }
        };
        Self::with(pair, algorithm, key.public())
    }

    /// A new key for that algorithm; RSA of 2048 bits, which takes a good part of a second: not for
    /// an async thread.
    pub fn generate(algorithm: JwsAlgorithm, entropy: &dyn Entropy) -> Result<Self, KeyFault> {
        let kind = KeyKind::of(algorithm)
            .ok_or_else(|| KeyFault::unsupported(format!("{algorithm} has no key pair")))?;
        Self::new(&PrivateKey::generate(kind, entropy)?, algorithm)
    }

    /// From PKCS#8 (RFC 5958) in DER, as [`PrivateKey::to_pkcs8`] writes it.
    pub fn from_pkcs8(algorithm: JwsAlgorithm, der: &[u8]) -> Result<Self, KeyFault> {
        Self::new(&PrivateKey::from_der(der)?, algorithm)
    }

    /// Its name: the thumbprint of the public key (RFC 7638), unless it was given another.
    #[must_use]
    pub const fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The same key by the name that somebody gave it: a client's key is known to its provider by that.
    #[must_use]
    pub fn named(mut self, kid: KeyId) -> Self {
        self.published.kid = Some(kid.to_string());
        self.headers = headers(self.algorithm, &self.published);
        Self { kid, ..self }
    }

    /// The same key without a name: nothing that it signs says which key it was.
    #[must_use]
    pub fn unnamed(mut self) -> Self {
        self.published.kid = None;
        self.headers = headers(self.algorithm, &self.published);
        self
    }

    /// What it signs by.
    #[must_use]
    pub const fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The public key, as it is published.
    #[must_use]
    pub const fn public_jwk(&self) -> &Jwk {
        &self.published
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A compact JWS (RFC 7515 section 3.1) over `claims`, a JSON object.
    pub fn sign(&self, typ: TokenType, claims: &[u8]) -> Result<Secret, KeyFault> {
        let header = self.headers.iter().find(|(own, _)| *own == typ).map_or("", |(_, header)| header);
        jws::signed(header, claims, |message| self.signature(message))
    }

    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ecdsa(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| KeyFault::Signing)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Es512(pair) => pair.sign(message),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).map_err(|_| KeyFault::Signing)?;
                Ok(signature)
            }
        }
    }

    fn with(pair: Pair, algorithm: JwsAlgorithm, public: PublicKey) -> Result<Self, KeyFault> {
        let mut published = public.to_jwk();
        published.key_use = Some("sig".to_owned());
        published.alg = Some(algorithm.as_str().to_owned());
        let kid = published.thumbprint().ok_or_else(|| KeyFault::malformed("it has no thumbprint"))?;
        let kid: KeyId = kid.parse().map_err(|_| KeyFault::malformed("its thumbprint is no name"))?;
        published.kid = Some(kid.to_string());
        let headers = headers(algorithm, &published);
        Ok(Self { pair, algorithm, kid, public, published, headers })
    }
}

/// One key that signs by one algorithm: a client's own, or that of a test.
#[async_trait]
impl Signer for SigningKey {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let ToSign { algorithm, typ, claims } = what;
        if algorithm != self.algorithm {
            return Err(SeamError::broken(
                "signing key",
                format!("the key signs by {} and not by {algorithm}", self.algorithm),
            ));
        }
        self.sign(typ, claims).map_err(|fault| SeamError::broken("signing key", fault))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Ok(Arc::new(JwkSet { keys: vec![self.published.clone()] }))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm, self.kid)
    }
}

/// Made once, and not with each token.
fn headers(algorithm: JwsAlgorithm, published: &Jwk) -> [(TokenType, String); 3] {
    [TokenType::AccessToken, TokenType::DpopProof, TokenType::Jwt]
        .map(|typ| (typ, Header::written(algorithm, typ, Some(published))))
}

fn ecdsa(how: &'static EcdsaSigningAlgorithm, pair: &EcPair) -> Result<Pair, KeyFault> {
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(how, &pair.scalar, &pair.point, &random)
        .map(Pair::Ecdsa)
        .map_err(|_| KeyFault::Inconsistent("x and y are not the public half of d"))
}

fn rsa(pair: &RsaPair) -> Result<RsaKeyPair, KeyFault> {
    let RsaPair { n, e, d, p, q, dp, dq, qi } = pair;
    RsaKeyPair::from_components(&KeyPairComponents {
        public_key: PublicKeyComponents { n: &n[..], e: &e[..] },
        d: &d[..],
        p: &p[..],
        q: &q[..],
        dP: &dp[..],
        dQ: &dq[..],
        qInv: &qi[..],
    })
    .map_err(|rejected| {
        // Its parts belong together, so it is of a size that is read but not signed with.
        KeyFault::unsupported(format!(
            "RSA keys that sign have 2048 to 4096 bits in steps of 1024 and an exponent of 65537 or more ({rejected})"
        ))
    })
}

fn rsa_encoding(algorithm: JwsAlgorithm) -> Option<&'static dyn RsaEncoding> {
    match algorithm {
        A::PS256 => Some(&signature::RSA_PSS_SHA256),
        A::PS384 => Some(&signature::RSA_PSS_SHA384),
        A::PS512 => Some(&signature::RSA_PSS_SHA512),
        A::RS256 => Some(&signature::RSA_PKCS1_SHA256),
        A::RS384 => Some(&signature::RSA_PKCS1_SHA384),
        A::RS512 => Some(&signature::RSA_PKCS1_SHA512),
        A::ES256 | A::ES384 | A::ES512 | A::Ed25519 | A::EdDSA | A::HS256 | A::HS384 | A::HS512 => None,
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::base64url;
    use grantway_core::dpop::proof_key;
    use grantway_core::jws::unverified_header;
    use grantway_core::testing::SeededEntropy;

    use super::*;
    use crate::private_key::RsaSize;
    use crate::vectors::EXAMPLES;

    #[test]
    fn a_key_signs_by_the_algorithm_it_was_bound_to_and_publishes_that() {
        for example in &EXAMPLES {
            let private = PrivateKey::from_jwk(&example.private()).unwrap();

            let key = SigningKey::new(&private, example.algorithm).unwrap();

            let token = key.sign(TokenType::Jwt, b"{}").unwrap();
            let (message, signature) = token.expose().rsplit_once('.').unwrap();
            let signature = base64url::decode(signature).unwrap();
            let verified = key.public().verifies(example.algorithm, message.as_bytes(), &signature);
            assert!(verified, "{}", example.source);
            let published = key.public_jwk();
            assert_eq!(published.alg.as_deref(), Some(example.algorithm.as_str()));
            assert_eq!(published.kid.as_deref(), Some(key.kid().as_str()));
            assert!(!published.is_private());
        }
    }

    #[test]
    fn the_standards_own_signatures_are_made_where_no_chance_takes_part() {
        let mut made = 0;
        for example in &EXAMPLES {
            if matches!(example.algorithm, A::RS256 | A::EdDSA) {
                let private = PrivateKey::from_jwk(&example.private()).unwrap();
                let (message, signature) = example.token.rsplit_once('.').unwrap();

                let own = SigningKey::new(&private, example.algorithm).unwrap().signature(message.as_bytes());

                assert_eq!(base64url::encode(own.unwrap()), signature, "{}", example.source);
                made += 1;
            }
        }
        assert_eq!(made, 3);
    }

    #[test]
    fn an_rsa_key_may_sign_by_any_algorithm_of_its_kind_and_by_no_other() {
        let key = PrivateKey::generate(KeyKind::Rsa, &SeededEntropy::new(1)).unwrap();
        for algorithm in JwsAlgorithm::ALL {
            match SigningKey::new(&key, algorithm) {
                Ok(bound) => assert_eq!(bound.algorithm(), algorithm),
                Err(fault) => {
                    let needed = KeyKind::of(algorithm);
                    assert_ne!(needed, Some(KeyKind::Rsa));
                    assert_eq!(fault, KeyFault::Unfit { found: KeyKind::Rsa, algorithm, needed });
                }
            }
        }
    }

    #[test]
    fn an_rsa_key_has_the_size_it_was_asked_for() {
        for size in [RsaSize::Bits2048, RsaSize::Bits3072, RsaSize::Bits4096] {
            let key = PrivateKey::generate_rsa(size, &SeededEntropy::new(1)).unwrap();
            let signed = SigningKey::new(&key, JwsAlgorithm::PS512).unwrap().signature(b"").unwrap();
            assert_eq!(signed.len() * 8, size.bits());
        }
    }

    #[tokio::test]
    async fn a_key_that_has_been_named_says_so_in_what_it_signs_and_publishes() {
        let key =
            SigningKey::generate(A::ES256, &SeededEntropy::new(1)).unwrap().named("mine".parse().unwrap());
        let what = ToSign { algorithm: A::ES256, typ: TokenType::Jwt, claims: b"{}" };

        let token = Signer::sign(&key, what).await.unwrap();

        assert_eq!(unverified_header(token.expose()).unwrap()["kid"], "mine");
        assert_eq!(key.published().await.unwrap().keys[0].kid.as_deref(), Some("mine"));
        assert!(Signer::sign(&key, ToSign { algorithm: A::ES384, ..what }).await.is_err());
    }

    #[test]
    fn a_proof_of_possession_shows_the_key_and_does_not_name_it() {
        let key = SigningKey::generate(A::ES256, &SeededEntropy::new(1)).unwrap();
        let proof = key.sign(TokenType::DpopProof, b"{}").unwrap();

        let header = unverified_header(proof.expose()).unwrap();

        assert_eq!(header.keys().collect::<Vec<_>>(), ["alg", "typ", "jwk"]);
        let shown = proof_key(proof.expose()).unwrap();
        assert_eq!(shown.thumbprint(), key.public_jwk().thumbprint());
        assert_eq!(shown.members.keys().collect::<Vec<_>>(), ["crv", "x", "y"]);
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let key = SigningKey::generate(JwsAlgorithm::ES512, &SeededEntropy::new(1)).unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey(ES512 {})", key.kid()));
        let private = PrivateKey::generate(KeyKind::Ed25519, &SeededEntropy::new(1)).unwrap();
        assert_eq!(format!("{private:?} {:?}", private.to_pem()), "PrivateKey(Ed25519) Secret(redacted)");
    }
}
