//! Private keys that callers bring.

use std::sync::Arc;

use grantway_core::base64url;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{KeyReader, Signer, UnusableKey};
use grantway_core::secret::Secret;
use serde_json::Value;
use zeroize::Zeroizing;

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
    let mut document: Value =
        serde_json::from_str(jwk.expose()).map_err(|_| KeyFault::malformed("it is not JSON"))?;
    spell_out(&mut document);
    let key = SigningKey::new(&PrivateKey::from_jwk(&document)?, algorithm)?;
    match document.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty()) {
        None => Ok(key.unnamed()),
        Some(kid) => {
            let kid = kid.parse().map_err(|_| KeyFault::malformed("its kid is no name"))?;
            Ok(key.named(kid))
        }
    }
}

/// RFC 7518 sections 6.2 and 6.3: numbers on a curve are as long as the curve has it, those of RSA as short as they can be.
/// Libraries that hold them as numbers leave zeros out or put one in front, and such keys work elsewhere.
fn spell_out(document: &mut Value) {
    let width = match document.get("crv").and_then(Value::as_str) {
        Some("P-256") => Some(32),
        Some("P-384") => Some(48),
        Some("P-521") => Some(66),
        _ => None,
    };
    let is = |kty: &str| document.get("kty").and_then(Value::as_str) == Some(kty);
    let (names, width): (&[&str], usize) = match width {
        Some(width) if is("EC") => (&["x", "y", "d"], width),
        _ if is("RSA") => (&["n", "e", "d", "p", "q", "dp", "dq", "qi"], 0),
        _ => return,
    };
    for name in names {
        let Some(member) = document.get_mut(*name) else { continue };
        let Some(number) = member.as_str().and_then(|text| base64url::decode(text).ok()).map(Zeroizing::new)
        else {
            continue;
        };
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let significant = &number[zeros..];
        let missing = width.saturating_sub(significant.len());
        let spelt = Zeroizing::new([&vec![0; missing], significant].concat());
        *member = base64url::encode(&*spelt).into();
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::jws::{TokenType, unverified_header};
    use grantway_core::seam::ToSign;
    use serde_json::json;

    use super::*;
    use crate::key_kind::KeyKind;
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
    fn zeros_that_a_library_left_out_or_put_in_make_no_other_key() {
        for (source, algorithm, names) in [
            ("A.3", JwsAlgorithm::ES256, &["x", "y", "d"][..]),
            ("A.2", JwsAlgorithm::RS256, &["n", "e", "d"]),
        ] {
            let document =
                EXAMPLES.iter().find(|example| example.source.ends_with(source)).unwrap().private();
            let good = signing_key(&Secret::new(document.to_string()), algorithm)
                .unwrap()
                .public()
                .to_jwk()
                .thumbprint();
            for name in names {
                let number = base64url::decode(document[name].as_str().unwrap()).unwrap();
                let mut with_zero = document.clone();
                with_zero[name] = base64url::encode([&[0], &*number].concat()).into();
                let read = signing_key(&Secret::new(with_zero.to_string()), algorithm).unwrap();
                assert_eq!(read.public().to_jwk().thumbprint(), good, "{source} {name}");
            }
        }
        // Its x begins with a zero: one in 256 does.
        let entropy = grantway_core::testing::SeededEntropy::new(7);
        let short = (0..4096).find_map(|_| {
            let key = PrivateKey::generate(KeyKind::P256, &entropy).unwrap();
            let document: Value = serde_json::from_str(key.to_jwk().expose()).unwrap();
            let x = base64url::decode(document["x"].as_str().unwrap()).unwrap();
            (x[0] == 0).then_some((key, document, x))
        });
        let (key, mut document, x) = short.unwrap();
        document["x"] = base64url::encode(&x[1..]).into();
        let read = signing_key(&Secret::new(document.to_string()), JwsAlgorithm::ES256).unwrap();
        assert_eq!(read.public().to_jwk().thumbprint(), key.public().to_jwk().thumbprint());
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
