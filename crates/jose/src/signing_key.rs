//! A private key that signs, and the public key that goes with it.

use std::fmt;
use std::fmt::Write as _;

use grantway_core::base64url;
use grantway_core::ids::KeyId;
use grantway_core::jwk::Jwk;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Entropy;
use grantway_core::secret::Secret;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::fault::KeyFault;
use crate::jws::Header;
use crate::{generate, jwk, pem};

/// A key pair for one algorithm. Its `Debug` names the key and shows nothing of it.
pub struct SigningKey {
    pair: Pair,
    kid: KeyId,
    public: Jwk,
    /// One encoded header a type, made once.
    headers: [(TokenType, String); 2],
}

enum Pair {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl SigningKey {
    /// A new P-256 key pair.
    pub fn generate_es256() -> Result<Self, KeyFault> {
        Self::from_pkcs8(JwsAlgorithm::ES256, &generate::p256()?)
    }

    /// A new RSA key pair of 2048 bits. Takes a good part of a second: not for an async thread.
    pub fn generate_rs256(entropy: &dyn Entropy) -> Result<Self, KeyFault> {
        Self::from_pkcs8(JwsAlgorithm::RS256, &generate::rsa_2048(entropy)?)
    }

    /// From PKCS#8 (RFC 5958) in DER.
    pub fn from_pkcs8(algorithm: JwsAlgorithm, der: &[u8]) -> Result<Self, KeyFault> {
        match algorithm {
            JwsAlgorithm::ES256 => {
                let pair =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new());
                Self::of_p256(pair.map_err(|rejected| fault(&rejected))?)
            }
            JwsAlgorithm::RS256 => {
                Self::of_rsa(RsaKeyPair::from_pkcs8(der).map_err(|rejected| fault(&rejected))?)
            }
            _ => Err(KeyFault::Unsupported),
        }
    }

    /// From PKCS#8 in PEM (RFC 7468 section 10).
    pub fn from_pem(algorithm: JwsAlgorithm, text: &str) -> Result<Self, KeyFault> {
        Self::from_pkcs8(algorithm, &pem::private_key(text)?)
    }

    /// From a private JWK (RFC 7518 sections 6.2.2 and 6.3.2) with all its members.
    pub fn from_jwk(document: &Value) -> Result<Self, KeyFault> {
        let member = |name: &str| {
            let text = document.get(name).and_then(Value::as_str).ok_or(KeyFault::Malformed)?;
            base64url::decode(text).map(Zeroizing::new).map_err(|_| KeyFault::Malformed)
        };
        match (document.get("kty").and_then(Value::as_str), document.get("crv").and_then(Value::as_str)) {
            (Some("EC"), Some("P-256")) => {
                let (private, x, y) = (member("d")?, member("x")?, member("y")?);
                let public = jwk::uncompressed_point(&x, &y).ok_or(KeyFault::Malformed)?;
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    &private,
                    &public,
                    &SystemRandom::new(),
                );
                Self::of_p256(pair.map_err(|rejected| fault(&rejected))?)
            }
            (Some("RSA"), None) => {
                let components = KeyPairComponents {
                    public_key: PublicKeyComponents { n: member("n")?, e: member("e")? },
                    d: member("d")?,
                    p: member("p")?,
                    q: member("q")?,
                    dP: member("dp")?,
                    dQ: member("dq")?,
                    qInv: member("qi")?,
                };
                Self::of_rsa(RsaKeyPair::from_components(&borrowed(&components)).map_err(|r| fault(&r))?)
            }
            _ => Err(KeyFault::Unsupported),
        }
    }

    /// Its name: the thumbprint of the public key (RFC 7638).
    #[must_use]
    pub const fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// What it signs by.
    #[must_use]
    pub const fn algorithm(&self) -> JwsAlgorithm {
        match self.pair {
            Pair::P256(_) => JwsAlgorithm::ES256,
            Pair::Rsa(_) => JwsAlgorithm::RS256,
        }
    }

    /// The public key, as it is published.
    #[must_use]
    pub const fn public_jwk(&self) -> &Jwk {
        &self.public
    }

    /// A compact JWS (RFC 7515 section 3.1) over `claims`, a JSON object.
    pub fn sign(&self, typ: TokenType, claims: &[u8]) -> Result<Secret, KeyFault> {
        let header = self.headers.iter().find(|(own, _)| *own == typ).map_or("", |(_, header)| header);
        let mut token = format!("{header}.{}", base64url::encode(claims));
        let signature = self.signature(token.as_bytes())?;
        // Writing to a String does not fail.
        let _ = write!(token, ".{}", base64url::encode(signature));
        Ok(Secret::new(token))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::P256(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| KeyFault::Signing)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| KeyFault::Signing)?;
                Ok(signature)
            }
        }
    }

    fn of_p256(pair: EcdsaKeyPair) -> Result<Self, KeyFault> {
        let point = pair.public_key().as_ref();
        // SEC 1 section 2.3.3: 0x04, then both coordinates.
        let (x, y) = point[1..].split_at(32);
        let members = [("crv", "P-256".to_owned()), ("x", base64url::encode(x)), ("y", base64url::encode(y))];
        Self::with(Pair::P256(pair), "EC", members)
    }

    fn of_rsa(pair: RsaKeyPair) -> Result<Self, KeyFault> {
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
        let members = [("n", base64url::encode(public.n)), ("e", base64url::encode(public.e))];
        Self::with(Pair::Rsa(pair), "RSA", members)
    }

    fn with<const N: usize>(pair: Pair, kty: &str, members: [(&str, String); N]) -> Result<Self, KeyFault> {
        let algorithm = match pair {
            Pair::P256(_) => JwsAlgorithm::ES256,
            Pair::Rsa(_) => JwsAlgorithm::RS256,
        };
        let mut public = Jwk {
            kty: kty.to_owned(),
            kid: None,
            key_use: Some("sig".to_owned()),
            alg: Some(algorithm.as_str().to_owned()),
            members: members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        };
        let kid = jwk::thumbprint(&public).ok_or(KeyFault::Malformed)?;
        let kid: KeyId = kid.parse().map_err(|_| KeyFault::Malformed)?;
        public.kid = Some(kid.to_string());
        let header = |typ| (typ, Header::of(algorithm, typ, kid.as_str()).encode());
        let headers = [header(TokenType::AccessToken), header(TokenType::Jwt)];
        Ok(Self { pair, kid, public, headers })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm(), self.kid)
    }
}

fn borrowed(own: &KeyPairComponents<Zeroizing<Vec<u8>>>) -> KeyPairComponents<&[u8]> {
    KeyPairComponents {
        public_key: PublicKeyComponents { n: &own.public_key.n, e: &own.public_key.e },
        d: &own.d,
        p: &own.p,
        q: &own.q,
        dP: &own.dP,
        dQ: &own.dQ,
        qInv: &own.qInv,
    }
}

fn fault(rejected: &ring::error::KeyRejected) -> KeyFault {
    match rejected.to_string().as_str() {
        "InconsistentComponents" => KeyFault::Inconsistent,
        "TooSmall" | "TooLarge" | "WrongAlgorithm" | "VersionNotSupported" => KeyFault::Unsupported,
        _ => KeyFault::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::testing::SeededEntropy;
    use serde_json::json;

    use super::*;

    /// RFC 7515 appendix A.3.
    fn rfc_p256() -> Value {
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
        })
    }

    #[test]
    fn a_private_jwk_becomes_the_key_whose_public_half_it_names() {
        let key = SigningKey::from_jwk(&rfc_p256()).unwrap();

        assert_eq!(key.algorithm(), JwsAlgorithm::ES256);
        assert_eq!(key.public_jwk().text("x"), rfc_p256()["x"].as_str());
        assert_eq!(key.public_jwk().kid.as_deref(), Some(key.kid().as_str()));
        assert!(!key.public_jwk().is_private());
    }

    #[test]
    fn a_jwk_that_is_no_whole_key_is_refused() {
        let other = SigningKey::generate_es256().unwrap();
        for (member, value, fault) in [
            ("d", Value::Null, KeyFault::Malformed),
            ("x", json!("AAAA"), KeyFault::Malformed),
            ("d", json!("!"), KeyFault::Malformed),
            ("crv", json!("P-384"), KeyFault::Unsupported),
            ("kty", json!("oct"), KeyFault::Unsupported),
        ] {
            let mut document = rfc_p256();
            document[member] = value;
            assert_eq!(SigningKey::from_jwk(&document).unwrap_err(), fault, "{member}");
        }
        let mut mismatched = rfc_p256();
        mismatched["x"] = other.public_jwk().text("x").into();
        mismatched["y"] = other.public_jwk().text("y").into();
        assert_eq!(SigningKey::from_jwk(&mismatched).unwrap_err(), KeyFault::Inconsistent);
    }

    #[test]
    fn a_key_survives_its_pem_and_another_kind_of_pem_is_no_key() {
        let keys = [
            (JwsAlgorithm::ES256, generate::p256().unwrap()),
            (JwsAlgorithm::RS256, generate::rsa_2048(&SeededEntropy::new(1)).unwrap()),
        ];
        for (algorithm, der) in keys {
            let armoured =
                |label| pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, &der).unwrap();

            let key = SigningKey::from_pem(algorithm, &armoured("PRIVATE KEY")).unwrap();

            assert_eq!(key.kid(), SigningKey::from_pkcs8(algorithm, &der).unwrap().kid());
            let certificate = SigningKey::from_pem(algorithm, &armoured("CERTIFICATE"));
            assert_eq!(certificate.unwrap_err(), KeyFault::Unsupported);
        }
        for bad in ["", "-----BEGIN PRIVATE KEY-----", "MIGHAgEAMBMG"] {
            assert_eq!(
                SigningKey::from_pem(JwsAlgorithm::ES256, bad).unwrap_err(),
                KeyFault::Malformed,
                "{bad}"
            );
        }
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let key = SigningKey::from_jwk(&rfc_p256()).unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey(ES256 {})", key.kid()));
    }
}
