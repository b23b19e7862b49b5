//! New key pairs. RSA is made by RustCrypto's `rsa`, because ring can use an RSA key but not make one.

use grantway_core::seam::Entropy;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use rsa::PrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::fault::KeyFault;

/// A P-256 key pair as PKCS#8.
pub(crate) fn p256() -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| KeyFault::Generation)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

/// An RSA key pair of 2048 bits (NIST SP 800-57 part 1: good to 2030) as PKCS#8.
pub(crate) fn rsa_2048(entropy: &dyn Entropy) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let key = PrivateKey::new(&mut Drawn(entropy), 2048).map_err(|_| KeyFault::Generation)?;
    let document = key.to_pkcs8_der().map_err(|_| KeyFault::Generation)?;
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}

/// Our randomness in RustCrypto's shape.
struct Drawn<'a>(&'a dyn Entropy);

impl TryRng for Drawn<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}
