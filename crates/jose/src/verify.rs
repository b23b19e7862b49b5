//! Whether a token was signed by one of the keys its reader trusts.

use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::audit::NoAudit;
use grantway_core::jwk::{Jwk, JwkSet, JwksUri};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{
    Fetch, JwsFault, SeamError, SystemClock, TrustedKeys, Verification, VerificationRules, Verifier,
};
use grantway_core::secret::Secret;
use serde_json::{Map, Value};

use crate::hmac::SharedKey;
use crate::jws::{Compact, Header};
use crate::key_kind::KeyKind;
use crate::key_set::is_meant_to_verify;
use crate::public_key::PublicKey;
use crate::remote::RemoteKeys;

/// Verifies compact JWS by every algorithm there is.
#[derive(Clone, Debug, Default)]
pub struct JwsVerifier {
    remote: Option<Arc<RemoteKeys>>,
}

impl JwsVerifier {
    /// With no way to keys that are published elsewhere: for it, they cannot be had.
    #[must_use]
    pub const fn new() -> Self {
        Self { remote: None }
    }

    /// The same, and reads keys from where they are published.
    #[must_use]
    pub const fn with_remote_keys(remote: Arc<RemoteKeys>) -> Self {
        Self { remote: Some(remote) }
    }

    /// The same, and reads them through `fetch` by the clock of the machine; nobody is told when they cannot be had, except
    /// by the verification that needs them.
    pub fn reading(fetch: impl Fetch + 'static) -> Self {
        let remote = RemoteKeys::new(Arc::new(fetch), Arc::new(SystemClock), Arc::new(NoAudit));
        Self::with_remote_keys(Arc::new(remote))
    }

    async fn believe(
        &self,
        token: &str,
        rules: VerificationRules<'_>,
    ) -> Result<Result<Map<String, Value>, JwsFault>, SeamError> {
        let claim = match Claim::read(token, rules) {
            Ok(claim) => claim,
            Err(fault) => return Ok(Err(fault)),
        };
        Ok(match rules.keys {
            TrustedKeys::Set(keys) => claim.signed_by_one_of(keys),
            TrustedKeys::Shared(secret) => claim.signed_with(secret),
            TrustedKeys::At(uri) => match &self.remote {
                None => Err(JwsFault::KeysUnavailable(format!("nobody reads {}", uri.as_str()))),
                Some(remote) => claim.signed_by_one_at(uri, remote).await?,
            },
        })
    }
}

#[async_trait]
impl Verifier for JwsVerifier {
    async fn verify(&self, token: &str, rules: VerificationRules<'_>) -> Result<Verification, SeamError> {
        Ok(match self.believe(token, rules).await? {
            Ok(claims) => Verification::Valid(claims),
            Err(fault) => Verification::Refused(fault),
        })
    }
}

/// A token that is of an accepted kind and says that it is signed.
struct Claim<'a> {
    compact: Compact<'a>,
    header: Header,
    algorithm: JwsAlgorithm,
}

impl<'a> Claim<'a> {
    fn read(token: &'a str, rules: VerificationRules<'_>) -> Result<Self, JwsFault> {
        let compact = Compact::parse(token)?;
        let header = Header::read(compact.header)?;
        let algorithm = header.accept(rules.algorithms)?;
        if is_of_type(header.typ.as_deref(), rules) {
            Ok(Self { compact, header, algorithm })
        } else {
            Err(JwsFault::Type)
        }
    }

    fn fitting<'k>(&self, keys: &'k JwkSet) -> impl Iterator<Item = &'k Jwk> {
        keys.keys.iter().filter(|key| fits(key, self.algorithm, self.header.kid.as_deref()))
    }

    async fn signed_by_one_at(
        &self,
        uri: &JwksUri,
        remote: &RemoteKeys,
    ) -> Result<Result<Map<String, Value>, JwsFault>, SeamError> {
        let keys = match remote.keys(uri, |keys| self.fitting(keys).next().is_some()).await? {
            Ok(keys) => keys,
            Err(why) => return Ok(Err(JwsFault::KeysUnavailable(format!("{}: {why}", uri.as_str())))),
        };
        let signed = self.signed_by_one_of(&keys);
        let named = self
            .header
            .kid
            .as_deref()
            .is_some_and(|kid| keys.keys.iter().any(|key| key.kid.as_deref() == Some(kid)));
        if !matches!(signed, Err(JwsFault::Signature)) || named {
            return Ok(signed);
        }
        // Of keys without names nobody sees that there is a new one: the signature says it.
        let newer = remote.keys(uri, |keys| self.signed_by_one_of(keys).is_ok()).await?;
        Ok(newer.map_or(signed, |keys| self.signed_by_one_of(&keys)))
    }

    fn signed_by_one_of(&self, keys: &JwkSet) -> Result<Map<String, Value>, JwsFault> {
        let mut fitting: Vec<_> = self.fitting(keys).collect();
        if fitting.is_empty() {
            return Err(JwsFault::UnknownKey);
        }
        // Those of that very name before those without any.
        fitting.sort_by_key(|key| key.kid.is_none());
        if !fitting.iter().take(MAX_KEYS_TRIED).any(|key| is_signed_by(&self.compact, self.algorithm, key)) {
            return Err(JwsFault::Signature);
        }
        self.compact.claims()
    }

    fn signed_with(&self, secret: &Secret) -> Result<Map<String, Value>, JwsFault> {
        // For an algorithm with key pairs, or too short for this one: no key of that kind is here.
        let key = SharedKey::new(self.algorithm, secret.expose().as_bytes());
        key.map_err(|_| JwsFault::UnknownKey)?.believe(&self.compact)
    }
}

fn is_of_type(typ: Option<&str>, rules: VerificationRules<'_>) -> bool {
    let Some(typ) = typ else { return rules.untyped };
    // RFC 7515 section 4.1.9: a media type without a slash may be written without `application/`.
    let prefix = typ.split_inclusive('/').next().filter(|prefix| prefix.eq_ignore_ascii_case("application/"));
    let short = &typ[prefix.map_or(0, str::len)..];
    rules.types.iter().map(|typ| TokenType::as_str(*typ)).any(|own| own.eq_ignore_ascii_case(short))
}

/// May this key have made that signature? Every word the key says of itself is heeded.
fn fits(key: &Jwk, algorithm: JwsAlgorithm, kid: Option<&str>) -> bool {
    // A name is a hint (RFC 7515 section 4.1.4): where one side gives none, the signature decides.
    let named = kid.is_none_or(|kid| key.kid.as_deref().is_none_or(|own| own == kid));
    // None for a symmetric algorithm: a key of a published set is no shared secret.
    let needed = KeyKind::of(algorithm);
    let of_kind = || needed.is_some() && KeyKind::named(&key.kty, key.text("crv")) == needed;
    let meant =
        || key.alg.as_deref().is_none_or(|alg| alg == algorithm.as_str()) && is_meant_to_verify(key).is_ok();
    // The cheapest first: of a set with many keys, most have another name.
    named && of_kind() && meant() && !key.is_private()
}

fn is_signed_by(compact: &Compact<'_>, algorithm: JwsAlgorithm, key: &Jwk) -> bool {
    PublicKey::to_verify_with(key)
        .is_ok_and(|key| key.verifies(algorithm, compact.message.as_bytes(), &compact.signature))
}

/// A set may be a stranger's: so many keys without a matching name are tried and no more.
const MAX_KEYS_TRIED: usize = 8;

#[cfg(test)]
mod tests {
    use grantway_core::base64url;
    use grantway_core::jwk::JwkSet;
    use grantway_core::testing::SeededEntropy;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::hmac;
    use crate::signing_key::SigningKey;
    use crate::vectors::EXAMPLES;

    fn keys(document: &Value) -> JwkSet {
        serde_json::from_value(json!({"keys": [document]})).unwrap()
    }

    fn verified(token: &str, rules: VerificationRules<'_>) -> Result<Map<String, Value>, JwsFault> {
        let TrustedKeys::Set(keys) = rules.keys else { unreachable!("these have keys at hand") };
        Claim::read(token, rules)?.signed_by_one_of(keys)
    }

    fn check(token: &str, keys: &JwkSet, algorithms: &[JwsAlgorithm]) -> Result<Value, JwsFault> {
        let rules = VerificationRules {
            keys: TrustedKeys::Set(keys),
            algorithms,
            types: &[TokenType::Jwt],
            untyped: true,
        };
        verified(token, rules).map(Value::Object)
    }

    /// Of the examples, those of RFC 7515 with claims.
    fn rfc_7515(section: &str) -> (JwkSet, &'static str) {
        let example = EXAMPLES.iter().find(|example| example.source.ends_with(section)).unwrap();
        (keys(&example.public()), example.token)
    }

    fn new_key(algorithm: JwsAlgorithm, seed: u64) -> SigningKey {
        SigningKey::generate(algorithm, &SeededEntropy::new(seed)).unwrap()
    }

    #[test]
    fn the_standards_examples_verify_and_changed_ones_do_not() {
        for (section, algorithm) in [("A.2", JwsAlgorithm::RS256), ("A.3", JwsAlgorithm::ES256)] {
            let (keys, token) = rfc_7515(section);
            assert_eq!(check(token, &keys, &[algorithm]).unwrap()["iss"], "joe");
            let (message, signature) = token.rsplit_once('.').unwrap();
            let changed = format!("{message}.{}A{}", &signature[..9], &signature[10..]);
            assert_eq!(check(&changed, &keys, &[algorithm]), Err(JwsFault::Signature));
        }
    }

    #[test]
    fn the_reader_chooses_the_algorithm_and_not_the_token() {
        let (keys, token) = rfc_7515("A.2");
        assert_eq!(check(token, &keys, &[JwsAlgorithm::ES256]), Err(JwsFault::Algorithm));
        let modulus = base64url::decode(keys.keys[0].text("n").unwrap()).unwrap();
        let forged = hmac::sign(JwsAlgorithm::HS256, &modulus, TokenType::Jwt, b"{}").unwrap();
        assert_eq!(check(forged.expose(), &keys, &[JwsAlgorithm::RS256]), Err(JwsFault::Algorithm));
        let accepted = [JwsAlgorithm::RS256, JwsAlgorithm::HS256];
        assert_eq!(check(forged.expose(), &keys, &accepted), Err(JwsFault::UnknownKey));
    }

    #[test]
    fn headers_that_promise_something_else_are_refused() {
        let key = new_key(JwsAlgorithm::ES256, 1);
        let keys = JwkSet { keys: vec![key.public_jwk().clone()] };
        let kid = key.kid().as_str();
        for (header, fault) in [
            (json!({"alg": "none"}), JwsFault::Algorithm),
            (json!({"alg": "es256"}), JwsFault::Algorithm),
            (json!({"alg": "ES256", "crit": ["exp"]}), JwsFault::Critical),
            (json!({"alg": "ES256", "crit": []}), JwsFault::Critical),
            (json!({"alg": "ES256", "typ": "at+jwt"}), JwsFault::Type),
            (json!({"alg": "ES256", "kid": "another"}), JwsFault::UnknownKey),
            (json!({"alg": "ES256", "kid": kid}), JwsFault::Signature),
            (json!({"alg": "ES256", "jwk": {"kty": "EC"}}), JwsFault::Signature),
            (json!({"alg": 1}), JwsFault::Malformed),
            (json!({"typ": "JWT"}), JwsFault::Algorithm),
        ] {
            let token =
                format!("{}.e30.{}", base64url::encode(header.to_string()), base64url::encode([0; 64]));
            assert_eq!(check(&token, &keys, &[JwsAlgorithm::ES256]), Err(fault), "{header}");
        }
    }

    #[test]
    fn a_key_is_used_only_for_what_it_says() {
        let key = new_key(JwsAlgorithm::ES256, 1);
        let token = key.sign(TokenType::Jwt, b"{}").unwrap();
        let with = |member: &str, value: Value| {
            let mut document = serde_json::to_value(key.public_jwk()).unwrap();
            document[member] = value;
            keys(&document)
        };
        for (member, value) in [
            ("use", json!("enc")),
            ("alg", json!("ES384")),
            ("crv", json!("P-384")),
            ("kty", json!("OKP")),
            ("key_ops", json!(["sign"])),
            ("kid", json!("another")),
            ("d", json!("AAAA")),
        ] {
            let refused = check(token.expose(), &with(member, value), &[JwsAlgorithm::ES256]);
            assert_eq!(refused, Err(JwsFault::UnknownKey), "{member}");
        }
        for (member, value) in [("x", json!("AAAA")), ("y", json!(1)), ("x", json!("!"))] {
            let refused = check(token.expose(), &with(member, value), &[JwsAlgorithm::ES256]);
            assert_eq!(refused, Err(JwsFault::Signature), "{member}");
        }
        assert!(check(token.expose(), &with("key_ops", json!(["verify"])), &[JwsAlgorithm::ES256]).is_ok());
    }

    #[test]
    fn a_point_that_is_not_on_its_curve_verifies_nothing() {
        for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::ES384, JwsAlgorithm::ES512] {
            let key = new_key(algorithm, 1);
            let token = key.sign(TokenType::Jwt, b"{}").unwrap();
            let mut document = serde_json::to_value(key.public_jwk()).unwrap();
            document["y"] = document["x"].clone();

            let refused = check(token.expose(), &keys(&document), &[algorithm]);

            assert_eq!(refused, Err(JwsFault::Signature), "{algorithm}");
        }
    }

    #[test]
    fn a_key_without_a_name_is_tried_for_a_token_with_one_after_the_key_of_that_name() {
        let key = new_key(JwsAlgorithm::ES256, 0);
        let token = key.sign(TokenType::Jwt, b"{}").unwrap();
        let unnamed = |key: &SigningKey| Jwk { kid: None, ..key.public_jwk().clone() };
        let mut strangers: Vec<_> = (1..=MAX_KEYS_TRIED)
            .map(|seed| unnamed(&new_key(JwsAlgorithm::ES256, u64::try_from(seed).unwrap())))
            .collect();

        let own = JwkSet { keys: vec![unnamed(&key)] };
        assert!(check(token.expose(), &own, &[JwsAlgorithm::ES256]).is_ok());
        let others = JwkSet { keys: strangers.clone() };
        assert_eq!(check(token.expose(), &others, &[JwsAlgorithm::ES256]), Err(JwsFault::Signature));
        strangers.push(key.public_jwk().clone());
        let all = JwkSet { keys: strangers };
        assert!(check(token.expose(), &all, &[JwsAlgorithm::ES256]).is_ok());
    }

    #[test]
    fn what_a_key_signs_verifies_under_it_and_under_no_other() {
        for algorithm in JwsAlgorithm::ASYMMETRIC {
            let (key, other) = (new_key(algorithm, 1), new_key(algorithm, 2));
            assert_eq!(key.algorithm(), algorithm);
            let token = key.sign(TokenType::Jwt, br#"{"sub":"a"}"#).unwrap();
            let mut renamed = other.public_jwk().clone();
            renamed.kid = key.public_jwk().kid.clone();

            let own = JwkSet { keys: vec![other.public_jwk().clone(), key.public_jwk().clone()] };
            assert_eq!(check(token.expose(), &own, &[key.algorithm()]).unwrap()["sub"], "a");
            let others = JwkSet { keys: vec![renamed] };
            assert_eq!(check(token.expose(), &others, &[key.algorithm()]), Err(JwsFault::Signature));
        }
    }

    #[test]
    fn a_type_is_compared_without_case_and_prefix() {
        let key = new_key(JwsAlgorithm::ES256, 1);
        let keys = JwkSet { keys: vec![key.public_jwk().clone()] };
        let token = key.sign(TokenType::AccessToken, b"{}").unwrap();
        let rules = |types| VerificationRules {
            keys: TrustedKeys::Set(&keys),
            algorithms: &[JwsAlgorithm::ES256],
            types,
            untyped: false,
        };
        assert!(verified(token.expose(), rules(&[TokenType::AccessToken])).is_ok());
        assert_eq!(verified(token.expose(), rules(&[TokenType::Jwt])), Err(JwsFault::Type));
        assert!(is_of_type(Some("application/AT+JWT"), rules(&[TokenType::AccessToken])));
        assert!(!is_of_type(None, rules(&[TokenType::AccessToken])));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_verifier(text in "[A-Za-z0-9_.-]{0,200}|\\PC{0,100}") {
            let (keys, _) = rfc_7515("A.3");
            prop_assert!(check(&text, &keys, &JwsAlgorithm::ALL).is_err());
        }
    }
}
