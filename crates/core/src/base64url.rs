//! Base64url without padding (RFC 4648 section 5), the alphabet of JOSE and of every token here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Malformed;

/// Writes bytes in the URL-safe alphabet, without padding.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The same at the end of `text`.
pub fn append(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Reads what [`encode`] wrote; padding, other alphabets and stray trailing bits are refused.
pub fn decode(text: &str) -> Result<Vec<u8>, Malformed> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed("base64url"))
}
