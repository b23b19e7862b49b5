//! Private keys that callers bring.

use std::sync::Arc;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{KeyReader, Signer, UnusableKey};
use grantway_core::secret::Secret;
use serde_json::Value;

use crate::fault::KeyFault;
use crate::private_key::PrivateKey;
use crate::signing_key::SigningKey;

/// Reads a JWK, and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct JwkReader;

impl KeyReader for JwkReader {
    fn read(&self, jwk: &Secret, algorithm: JwsAlgorithm) -> Result<Arc<dyn Signer>, UnusableKey> {
        let key = signing_key(jwk, algorithm).map_err(|fault| UnusableKey(fault.to_string()))?;
        Ok(Arc::new(key))
    }
}

fn signing_key(jwk: &Secret, algorithm: JwsAlgorithm) -> Result<SigningKey, KeyFault> {
    let document: Value =
        serde_json::from_str(jwk.expose()).map_err(|_| KeyFault::malformed("it is not JSON"))?;
    let key = SigningKey::new(&PrivateKey::from_jwk(&document)?, algorithm)?;
    match document.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty()) {
        None => Ok(key.unnamed()),
        Some(kid) => {
            let kid = kid.parse().map_err(|_| KeyFault::malformed("its kid is no name"))?;
            Ok(key.named(kid))
        }
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::jws::{TokenType, unverified_header};
    use grantway_core::seam::ToSign;
    use serde_json::json;

    use super::*;
    use crate::vectors::EXAMPLES;

    #[tokio::test]
    async fn what_it_signs_carries_the_name_that_the_key_has() {
        let document = EXAMPLES.iter().find(|example| example.source.ends_with("A.3")).unwrap().private();
        for (kid, signed_as) in [(json!("mine"), Some("mine")), (json!(""), None), (Value::Null, None)] {
            let mut document = document.clone();
            document["kid"] = kid;
            let jwk = Secret::new(document.to_string());
            let signer = JwkReader.read(&jwk, JwsAlgorithm::ES256).unwrap();
            let what = ToSign { algorithm: JwsAlgorithm::ES256, typ: TokenType::Jwt, claims: b"{}" };
            let signed = signer.sign(what).await.unwrap();
            let header = unverified_header(signed.expose()).unwrap();
            assert_eq!(header.get("kid").and_then(Value::as_str), signed_as);
        }
    }

    #[test]
    fn what_is_no_key_for_that_algorithm_is_told_without_the_key() {
        let document = EXAMPLES.iter().find(|example| example.source.ends_with("A.3")).unwrap().private();
        let why =
            |text: &str| JwkReader.read(&Secret::new(text), JwsAlgorithm::ES384).unwrap_err().to_string();
        assert_eq!(why("no key"), "the key is malformed: it is not JSON");
        assert_eq!(why(&document.to_string()), "the key is of curve P-256; ES384 needs P-384");
    }
}
