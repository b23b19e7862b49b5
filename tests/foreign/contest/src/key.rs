//! Keys that sign nothing but tokens of a measurement, and are therefore nobody's secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A private key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// PKCS#8 (RFC 5958) in PEM.
    pub pem: &'static str,
    /// The thumbprint of its public half (RFC 7638).
    pub kid: &'static str,
}

impl Key {
    /// The one that an algorithm is measured with; nothing for an algorithm without key pairs.
    pub fn of(algorithm: &str) -> Option<Self> {
        match algorithm {
            "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => Some(RSA),
            "ES256" => Some(P256),
            "ES384" => Some(P384),
            "ES512" => Some(P521),
            "EdDSA" => Some(ED25519),
            _ => None,
        }
    }

    /// PKCS#8 in DER.
    pub fn der(&self) -> Vec<u8> {
        let lines = self.pem.lines().filter(|line| !line.starts_with("-----"));
        STANDARD.decode(lines.collect::<String>()).expect("the key is well-formed PEM")
    }
}

/// What is signed with by HS256, HS384 and HS512: as long as the last of them asks for.
pub const SECRET: &[u8; 64] = b"sixty-four bytes that are the secret of nobody, and of everybody";

const RSA: Key =
    Key { pem: include_str!("../keys/RSA.pem"), kid: "rcTkcPt_7mr5m72Uf8Kcje864urRwSqyb4BSpM-dsG0" };
const P256: Key =
    Key { pem: include_str!("../keys/P-256.pem"), kid: "kNAUfITIKgL6r0H5GF40uSV3u_j0PrrFG9Za6OgYBhE" };
const P384: Key =
    Key { pem: include_str!("../keys/P-384.pem"), kid: "n8rCBDyQwCv7_G1qfvrimZ_MWI8BpyUjSF6vKoAoLoc" };
const P521: Key =
    Key { pem: include_str!("../keys/P-521.pem"), kid: "mbORLFXgcZ6hSh4QkIho44gWR3ovfbdnofuQ4bwMdM0" };
const ED25519: Key =
    Key { pem: include_str!("../keys/Ed25519.pem"), kid: "3IKdEsXWTIjLGh42EAjpH8rtsNb9LyBNOKKQSeyn_Nc" };
