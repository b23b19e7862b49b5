//! The text armour of RFC 7468.

use zeroize::Zeroizing;

use crate::fault::KeyFault;

/// The bytes of a `PRIVATE KEY` (PKCS#8).
pub(crate) fn private_key(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let (label, der) = pem_rfc7468::decode_vec(text.trim().as_bytes()).map_err(|_| KeyFault::Malformed)?;
    let der = Zeroizing::new(der);
    if label == "PRIVATE KEY" { Ok(der) } else { Err(KeyFault::Unsupported) }
}
