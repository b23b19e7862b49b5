use futures_util::FutureExt;
use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{JwsFault, TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_jose::verify::JwsVerifier;
use serde_json::{Map, Value, json};

use super::asked::{get, tokens};
use crate::Answer;
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider};

const NOW: i64 = 1_767_225_600;

fn keys(provider: &ForeignProvider) -> JwkSet {
    serde_json::from_slice(&get(&provider.url(Endpoint::Jwks), &[]).body).unwrap()
}

fn verified(answer: &Answer, keys: &JwkSet) -> Result<Map<String, Value>, JwsFault> {
    let rules = VerificationRules {
        keys: TrustedKeys::Set(keys),
        algorithms: &[JwsAlgorithm::ES256],
        types: &[TokenType::Jwt],
        untyped: false,
    };
    match JwsVerifier::new().verify(&answer.member("id_token"), rules).now_or_never().unwrap().unwrap() {
        Verification::Valid(claims) => Ok(claims),
        Verification::Refused(fault) => Err(fault),
    }
}

#[test]
fn an_id_token_is_signed_by_the_published_key_and_says_what_it_must() {
    let provider = ForeignProvider::start(Faults::none());

    let answer = tokens(&provider, "openid");

    let hash = base64url::encode(&sha256(answer.member("access_token"))[..16]);
    let expected = json!({
        "iss": provider.issuer(), "sub": "ada", "aud": "confidential", "exp": NOW + 3600, "iat": NOW,
        "auth_time": NOW, "at_hash": hash, "nonce": "nonce-of-the-client",
    });
    assert_eq!(verified(&answer, &keys(&provider)).map(Value::Object), Ok(expected));
}

#[test]
fn each_wrong_claim_is_wrong_alone_and_well_signed() {
    let provider = ForeignProvider::start(Faults::none());
    let keys = keys(&provider);
    let another = "another client";
    for (fault, wrong) in [
        (Fault::IdTokenWrongIss, json!({"iss": "https://issuer.test"})),
        (Fault::IdTokenWrongAud, json!({"aud": another})),
        (Fault::IdTokenMultiAudNoAzp, json!({"aud": ["confidential", another]})),
        (Fault::IdTokenWrongAzp, json!({"aud": ["confidential", another], "azp": another})),
        (Fault::IdTokenExpired, json!({"iat": NOW - 7200, "exp": NOW - 3600})),
        (Fault::IdTokenIssuedInTheFuture, json!({"iat": NOW + 3600, "exp": NOW + 7200})),
        (Fault::IdTokenNoNonce, json!({"nonce": null})),
        (Fault::IdTokenWrongNonce, json!({"nonce": "somebody's nonce"})),
        (Fault::IdTokenWrongAtHash, json!({"at_hash": base64url::encode(&sha256("another token")[..16])})),
        (Fault::IdTokenStaleAuthTime, json!({"auth_time": NOW - 86400})),
    ] {
        provider.turn(fault);

        let answer = tokens(&provider, "openid");

        let claims = verified(&answer, &keys).unwrap();
        let hash = base64url::encode(&sha256(answer.member("access_token"))[..16]);
        let mut expected = json!({
            "iss": provider.issuer(), "sub": "ada", "aud": "confidential", "exp": NOW + 3600, "iat": NOW,
            "auth_time": NOW, "at_hash": hash, "nonce": "nonce-of-the-client",
        });
        for (name, value) in wrong.as_object().unwrap() {
            expected[name] = value.clone();
        }
        expected.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        assert_eq!(Value::Object(claims), expected, "{fault:?}");
    }
}

#[test]
fn a_signature_may_be_missing_wrong_or_by_a_key_that_nobody_knows() {
    let provider = ForeignProvider::start(Faults::none());
    let keys = keys(&provider);
    for (fault, refused) in [
        (Fault::IdTokenAlgNone, JwsFault::Algorithm),
        (Fault::IdTokenWrongKey, JwsFault::Signature),
        (Fault::IdTokenUnknownKey, JwsFault::UnknownKey),
    ] {
        provider.turn(fault);
        assert_eq!(verified(&tokens(&provider, "openid"), &keys), Err(refused));
    }
    assert_eq!(self::keys(&provider), keys, "none of that is published");
}

#[test]
fn a_key_set_that_was_read_before_the_keys_changed_has_to_be_read_again() {
    let provider = ForeignProvider::start(Fault::JwksRotated);
    let before = keys(&provider);

    let answer = tokens(&provider, "openid");

    assert_eq!(verified(&answer, &before), Err(JwsFault::UnknownKey));
    assert!(verified(&answer, &keys(&provider)).is_ok());
}
