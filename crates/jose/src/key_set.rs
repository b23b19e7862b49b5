//! Somebody's published keys (RFC 7517 section 5), read so that one odd key spoils nothing.

use std::fmt;

use grantway_core::jwk::{Jwk, JwkSet};
use grantway_core::jws::JwsAlgorithm;
use serde_json::Value;

use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::public_key::PublicKey;

/// The keys of a set that signatures can be checked with, and what was wrong with the others.
///
/// RFC 7517 section 5 has a reader pass over keys that it does not know; whoever wonders why a token
/// finds no key is told here which those were.
///
/// ```
/// use grantway_jose::key_set::KeySet;
///
/// let set = KeySet::from_json(
///     br#"{"keys":[
///         {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///         {"kty":"OKP","crv":"Ed448","x":"AAAA","kid":"tomorrow"}
///     ]}"#,
/// )?;
/// assert_eq!(set.usable.keys.len(), 1);
/// assert_eq!(
///     set.skipped[0].to_string(),
///     r#"key 1 ("tomorrow"): the key is not supported: kty "OKP" with crv "Ed448""#,
/// );
/// # Ok::<(), grantway_jose::key_set::KeySetFault>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    /// What a [`Verifier`](grantway_core::seam::Verifier) takes.
    pub usable: JwkSet,
    /// The rest, in the order of the set.
    pub skipped: Vec<Skipped>,
}

/// A key that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands in the set; the first is 0.
    pub index: usize,
    /// Its name, if it has one.
    pub kid: Option<String>,
    /// What is wrong with it, or merely unknown here.
    pub why: KeyFault,
}

/// Why something is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    /// Nobody publishes so much.
    #[error("the set of keys is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// Nobody publishes so many.
    #[error("the set has more than {MAX_KEYS} keys")]
    TooMany,
    /// Not JSON, not an object, or without an array of `keys`.
    #[error("this is no set of keys: a JSON object with an array `keys` is")]
    Malformed,
}

impl KeySet {
    /// From a document as it is fetched or configured.
    pub fn from_json(document: &[u8]) -> Result<Self, KeySetFault> {
        if document.len() > MAX_BYTES {
            return Err(KeySetFault::TooLong);
        }
        let document: Value = serde_json::from_slice(document).map_err(|_| KeySetFault::Malformed)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(KeySetFault::Malformed)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetFault::TooMany);
        }
        let mut set = Self::default();
        for (index, key) in keys.iter().enumerate() {
            match usable(key) {
                Ok(key) => set.usable.keys.push(key),
                Err(why) => {
                    let kid = key.get("kid").and_then(Value::as_str).map(str::to_owned);
                    set.skipped.push(Skipped { index, kid, why });
                }
            }
        }
        Ok(set)
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kid {
            Some(kid) => write!(f, "key {} ({kid:?}): {}", self.index, self.why),
            None => write!(f, "key {}: {}", self.index, self.why),
        }
    }
}

fn usable(document: &Value) -> Result<Jwk, KeyFault> {
    let key: Jwk = serde_json::from_value(document.clone())
        .map_err(|_| KeyFault::malformed("it is no object whose kty, kid, use and alg are texts"))?;
    let kind = PublicKey::from_jwk(&key)?.kind();
    is_meant_to_verify(&key)?;
    if let Some(alg) = &key.alg {
        let algorithm: JwsAlgorithm =
            alg.parse().map_err(|_| KeyFault::Reserved(format!("its alg is {alg:?}").into()))?;
        let needed = KeyKind::of(algorithm);
        if needed != Some(kind) {
            return Err(KeyFault::Unfit { found: kind, algorithm, needed });
        }
    }
    Ok(key)
}

/// Does the key say nothing that speaks against it (RFC 7517 sections 4.2 and 4.3)?
pub(crate) fn is_meant_to_verify(key: &Jwk) -> Result<(), KeyFault> {
    if key.key_use.as_deref().is_some_and(|key_use| key_use != "sig") {
        return Err(KeyFault::Reserved("its use is not sig".into()));
    }
    let verifies = |operations: &Value| {
        operations
            .as_array()
            .is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    };
    if key.members.get("key_ops").is_some_and(|operations| !verifies(operations)) {
        return Err(KeyFault::Reserved("verify is not among its key_ops".into()));
    }
    Ok(())
}

/// A hundred keys with their chains of certificates.
const MAX_BYTES: usize = 512 * 1024;
const MAX_KEYS: usize = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::vectors::EXAMPLES;

    fn good() -> Value {
        EXAMPLES[1].public()
    }

    fn with(member: &str, value: Value) -> Value {
        let mut document = good();
        document[member] = value;
        document
    }

    #[test]
    fn the_keys_of_the_standards_are_usable() {
        let keys: Vec<Value> = EXAMPLES.iter().map(crate::vectors::Example::public).collect();
        let set = KeySet::from_json(json!({ "keys": keys }).to_string().as_bytes()).unwrap();
        assert_eq!(set.usable.keys.len(), EXAMPLES.len());
        assert_eq!(set.skipped, []);
    }

    #[test]
    fn an_odd_key_is_skipped_and_reported_and_spoils_nothing() {
        for (odd, words) in [
            (json!({"kty": "oct", "k": "AA"}), "this is a private key; only its public half belongs here"),
            (EXAMPLES[1].private(), "this is a private key"),
            (json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}), "kty \"AKP\""),
            (json!({"kty": 1}), "it is no object whose kty, kid, use and alg are texts"),
            (json!({}), "it is no object"),
            (json!([1]), "it is no object"),
            (Value::Null, "it is no object"),
            (with("crv", json!("secp256k1")), "crv \"secp256k1\""),
            (with("x", json!("AAAA")), "x is not 32 bytes long"),
            (with("y", good()["x"].clone()), "its coordinates are no point of P-256"),
            (with("use", json!("enc")), "its use is not sig"),
            (with("key_ops", json!(["encrypt"])), "verify is not among its key_ops"),
            (with("alg", json!("ECDH-ES")), "its alg is \"ECDH-ES\""),
            (with("alg", json!("ES384")), "the key is of curve P-256; ES384 needs P-384"),
            (with("kid", json!(7)), "it is no object"),
        ] {
            let document = json!({"keys": [good(), odd, with("kid", json!("last"))]});

            let set = KeySet::from_json(document.to_string().as_bytes()).unwrap();

            assert_eq!(set.usable.keys.len(), 2, "{odd}");
            let [skipped] = set.skipped.as_slice() else { panic!("{odd}: {:?}", set.skipped) };
            assert_eq!(skipped.index, 1);
            assert!(skipped.to_string().starts_with("key 1: "), "{skipped}");
            assert!(skipped.to_string().contains(words), "{skipped}");
        }
    }

    #[test]
    fn what_is_no_set_or_too_large_a_one_is_refused() {
        let many = json!({"keys": vec![1; MAX_KEYS + 1]}).to_string();
        for (document, fault) in [
            ("", KeySetFault::Malformed),
            ("[]", KeySetFault::Malformed),
            ("{}", KeySetFault::Malformed),
            (r#"{"keys":{}}"#, KeySetFault::Malformed),
            (&many, KeySetFault::TooMany),
            (&" ".repeat(MAX_BYTES + 1), KeySetFault::TooLong),
        ] {
            assert_eq!(KeySet::from_json(document.as_bytes()), Err(fault));
        }
        assert_eq!(KeySet::from_json(br#"{"keys":[]}"#), Ok(KeySet::default()));
    }

    proptest! {
        #[test]
        fn no_document_breaks_the_reader(text in r#"(\{"keys":\[)?[\[\]{}",:a-z0-9 ]{0,80}(\]\})?"#) {
            let _ = KeySet::from_json(text.as_bytes());
        }
    }
}
