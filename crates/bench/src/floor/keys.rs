//! Signatures by ring, over tokens that are put together by hand.

use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair, UnparsedPublicKey,
};
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::{TryCryptoRng, TryRng};

use crate::http::Wrong;

/// One key of each kind, and chance.
pub(super) struct Keys {
    es256: EcdsaKeyPair,
    rs256: RsaKeyPair,
    random: SystemRandom,
}

#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    ES256,
    RS256,
}

impl Keys {
    pub(super) fn generate() -> Result<Self, Wrong> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let es256 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(by_ring)?;
        let es256 = EcdsaKeyPair::from_pkcs8(algorithm, es256.as_ref(), &random).map_err(by_ring)?;
        let rs256 = rsa::PrivateKey::new(&mut Drawn(&random), 2048)?.to_pkcs8_der()?;
        let rs256 = RsaKeyPair::from_pkcs8(rs256.as_bytes()).map_err(by_ring)?;
        Ok(Self { es256, rs256, random })
    }

    /// A JWS in compact form.
    pub(super) fn sign(&self, algorithm: Algorithm, claims: &str) -> Result<String, Wrong> {
        let header = match algorithm {
            // {"alg":"ES256"} and {"alg":"RS256"}, encoded beforehand.
            Algorithm::ES256 => "eyJhbGciOiJFUzI1NiJ9",
            Algorithm::RS256 => "eyJhbGciOiJSUzI1NiJ9",
        };
        let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 350);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signed = token.len();
        token.push('.');
        match algorithm {
            Algorithm::ES256 => {
                let message = &token.as_bytes()[..signed];
                let signature = self.es256.sign(&self.random, message).map_err(by_ring)?;
                URL_SAFE_NO_PAD.encode_string(signature, &mut token);
            }
            Algorithm::RS256 => {
                let mut signature = vec![0; self.rs256.public().modulus_len()];
                let message = &token.as_bytes()[..signed];
                self.rs256.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature).map_err(by_ring)?;
                URL_SAFE_NO_PAD.encode_string(signature, &mut token);
            }
        }
        Ok(token)
    }

    /// Whether a token is one that was signed here with ES256.
    pub(super) fn is_ours(&self, token: &str) -> bool {
        let Some((signed, signature)) = token.rsplit_once('.') else { return false };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.es256.public_key());
        key.verify(signed.as_bytes(), &signature).is_ok()
    }

    pub(super) fn draw<const N: usize>(&self) -> Result<[u8; N], Wrong> {
        let mut drawn = [0; N];
        self.random.fill(&mut drawn).map_err(by_ring)?;
        Ok(drawn)
    }
}

/// ring's errors are errors to `?` only with its standard library, which the product does without.
fn by_ring(error: impl Display) -> Wrong {
    Wrong::new(error)
}

/// ring's chance, as the `rsa` crate asks for it.
struct Drawn<'a>(&'a SystemRandom);

impl TryRng for Drawn<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(into).expect("the system has chance to give, or no key can be made");
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}
