//! The text armour of RFC 7468.

use pem_rfc7468::{Decoder, LineEnding};
use zeroize::Zeroizing;

use crate::fault::KeyFault;

/// The DER inside the first private key of a text. Whatever else stands there, such as the curve that
/// OpenSSL writes before an EC key or a chain of certificates, is passed over.
pub(crate) fn private_key(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let blocks: Vec<Block<'_>> = blocks(text).collect();
    let Some(key) = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) else {
        return Err(blocks
            .first()
            .map_or_else(|| KeyFault::malformed("it is not PEM"), Block::no_private_key));
    };
    match key.label {
        "ENCRYPTED PRIVATE KEY" => Err(KeyFault::Encrypted),
        // RFC 1421 section 4.6.1.1, which OpenSSL's own encryption still goes by.
        _ if key.text.contains("Proc-Type: 4,ENCRYPTED") => Err(KeyFault::Encrypted),
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => key.bytes(),
        "OPENSSH PRIVATE KEY" => Err(KeyFault::unsupported(
            "it is in the format of OpenSSH; `ssh-keygen -p -m PKCS8 -f FILE` rewrites it",
        )),
        other => Err(KeyFault::unsupported(format!("a PEM block of {other:?}"))),
    }
}

/// Puts armour around `der`.
pub(crate) fn armoured(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, LineEnding::LF, der)
        .expect("the label is one of ours, and a key is far shorter than what PEM can hold")
}

/// From `-----BEGIN` to the end of `-----END …-----`.
struct Block<'a> {
    label: &'a str,
    text: &'a str,
}

impl Block<'_> {
    fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let mut bytes = Zeroizing::new(Vec::new());
        let decoded = Decoder::new_detect_wrap(self.text.as_bytes())
            .and_then(|mut decoder| decoder.decode_to_end(&mut bytes).map(|_| ()));
        decoded.map_err(|_| KeyFault::malformed("its PEM is damaged"))?;
        Ok(bytes)
    }

    fn no_private_key(&self) -> KeyFault {
        match self.label {
            "PUBLIC KEY" | "RSA PUBLIC KEY" => KeyFault::NotPrivate("a public key"),
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                KeyFault::NotPrivate("a certificate")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
                KeyFault::NotPrivate("a request for a certificate")
            }
            other => KeyFault::unsupported(format!("a PEM block of {other:?}")),
        }
    }
}

fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(BEGIN)?;
        let label = &rest[start + BEGIN.len()..];
        let label = &label[..label.find("-----")?];
        let end = format!("-----END {label}-----");
        let stop = start + rest[start..].find(&end)? + end.len();
        let block = Block { label, text: &rest[start..stop] };
        rest = &rest[stop..];
        Some(block)
    })
}

const BEGIN: &str = "-----BEGIN ";
