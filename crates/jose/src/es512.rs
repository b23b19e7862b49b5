//! ES512: ECDSA on P-521. The one curve of RFC 7518 that ring does not have, so RustCrypto's `p521`
//! does it, here and nowhere else.

use p521::ecdsa::signature::{Signer as _, Verifier as _};
use p521::ecdsa::{Signature, SigningKey, VerifyingKey};

use crate::fault::KeyFault;

/// A private P-521 key.
pub(crate) struct Es512(SigningKey);

impl Es512 {
    /// From the private scalar, of exactly 66 bytes.
    pub(crate) fn from_scalar(scalar: &[u8]) -> Result<Self, KeyFault> {
        let scalar = scalar.try_into().map_err(|_| KeyFault::malformed("d is not 66 bytes long"))?;
        SigningKey::from_bytes(scalar).map(Self).map_err(|_| KeyFault::malformed("d is no scalar of P-521"))
    }

    /// Both halves of the signature, 66 bytes each. What stands for the random number follows from
    /// key and message (RFC 6979).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signature: Signature = self.0.try_sign(message).map_err(|_| KeyFault::Signing)?;
        Ok(signature.to_bytes().to_vec())
    }

    /// The public point, uncompressed (SEC 1 section 2.3.3).
    pub(crate) fn public_point(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }
}

/// Was this message signed with the private half of that point?
pub(crate) fn verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(point);
    let signature = Signature::from_slice(signature);
    key.ok().zip(signature.ok()).is_some_and(|(key, signature)| key.verify(message, &signature).is_ok())
}

/// Is this a point of the curve?
pub(crate) fn is_point(point: &[u8]) -> bool {
    VerifyingKey::from_sec1_bytes(point).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_deterministic_signature_is_made() {
        // RFC 6979 appendix A.2.7, SHA-512, message "sample".
        let scalar = bytes(
            "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
        );
        let signature = bytes(
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
        );
        let key = Es512::from_scalar(&scalar).unwrap();
        assert_eq!(key.sign(b"sample").unwrap(), signature);
        assert!(verifies(&key.public_point(), b"sample", &signature));
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digit).collect()
    }
}
