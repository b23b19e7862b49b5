//! A signed token: the verifier believes nothing that the known keys did not sign, whatever a header says.

#![no_main]

use std::sync::LazyLock;

use grantway_core::base64url;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{JwsFault, TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_core::testing::SeededEntropy;
use grantway_fuzz::now;
use grantway_jose::hmac;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::signing_key::SigningKey;
use grantway_jose::verify::JwsVerifier;
use libfuzzer_sys::fuzz_target;
use ring::hmac::{HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, Key};
use ring::signature::Ed25519KeyPair;
use serde_json::{Map, Value};

// One line is a token as it came. Three lines are header, payload and signature, the first two before they
// are encoded; the signature may be made here:
//
//   ours     by the known Ed25519 key, over this very header and payload
//   ES256    the genuine signature of another token, by that algorithm
//   HS256    by HMAC with what is public of a known key as the secret
fuzz_target!(|text: &str| {
    let known = &*KNOWN;
    let mut lines = text.splitn(3, '\n');
    let (Some(header), Some(payload), Some(signature)) = (lines.next(), lines.next(), lines.next()) else {
        check(text, None);
        return;
    };
    let message = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    if signature == "ours" {
        let signed = base64url::encode(known.ours.sign(message.as_bytes()));
        check(&format!("{message}.{signed}"), Some(&message));
    } else if let Some(genuine) = known.genuine.iter().find(|genuine| genuine.algorithm.as_str() == signature)
    {
        check(&format!("{message}.{}", genuine.signature), None);
    } else if let Some(hash) = [("HS256", HMAC_SHA256), ("HS384", HMAC_SHA384), ("HS512", HMAC_SHA512)]
        .into_iter()
        .find_map(|(name, hash)| (name == signature).then_some(hash))
    {
        for secret in &known.published {
            let tag = ring::hmac::sign(&Key::new(hash, secret), message.as_bytes());
            check(&format!("{message}.{}", base64url::encode(tag)), None);
        }
    } else {
        check(&format!("{message}.{signature}"), None);
    }
});

/// `ours` is what was signed just now.
fn check(token: &str, ours: Option<&str>) {
    // An HMAC is accepted nowhere that keys are published, not even if somebody lists it.
    for algorithms in [&JwsAlgorithm::ALL[..], &JwsAlgorithm::ASYMMETRIC, &[JwsAlgorithm::RS256], &[]] {
        for untyped in [true, false] {
            let rules = VerificationRules {
                keys: TrustedKeys::Set(&KNOWN.keys),
                algorithms,
                types: &[TokenType::Jwt],
                untyped,
            };
            let answer = now(JwsVerifier::new().verify(token, rules)).expect("no collaborator to break down");
            if let Verification::Valid(claims) = answer {
                check_valid(token, ours, rules, &claims);
            }
        }
    }
    check_hmac(token);
}

fn check_valid(token: &str, ours: Option<&str>, rules: VerificationRules<'_>, claims: &Map<String, Value>) {
    let (message, _) = token.rsplit_once('.').expect("three segments");
    let genuine = KNOWN.genuine.iter().any(|genuine| genuine.message == message);
    assert!(genuine || ours == Some(message), "nobody signed {token}");

    let (header, payload) = message.split_once('.').expect("two segments");
    let read = |segment| -> Map<String, Value> {
        let bytes = base64url::decode(segment).expect("it was read before");
        serde_json::from_slice(&bytes).expect("an object")
    };
    assert_eq!(&read(payload), claims);
    let header = read(header);
    assert!(!header.contains_key("crit"));
    let alg = header["alg"].as_str().expect("a name");
    assert!(rules.algorithms.iter().any(|own| own.as_str() == alg && !own.is_symmetric()));
    match header.get("typ").map(|typ| typ.as_str().expect("a text").to_ascii_lowercase()) {
        None => assert!(rules.untyped),
        Some(typ) => assert!(["jwt", "application/jwt"].contains(&&*typ)),
    }
}

/// A secret that nobody knows is the same as no secret: nothing verifies under it.
fn check_hmac(token: &str) {
    for algorithm in [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512] {
        if let Ok(answer) = hmac::verify(algorithm, &KNOWN.secret, token) {
            assert!(!matches!(answer, Verification::Valid(_)), "nobody made {token}");
        }
    }
    assert!(hmac::verify(JwsAlgorithm::ES256, &KNOWN.secret, token).map_or(true, |answer| {
        matches!(
            answer,
            Verification::Refused(JwsFault::Malformed | JwsFault::Critical | JwsFault::Algorithm)
        )
    }));
}

struct Known {
    keys: JwkSet,
    genuine: Vec<Genuine>,
    ours: Ed25519KeyPair,
    /// What is public of the keys, in every form in which somebody might take it for a secret.
    published: Vec<Vec<u8>>,
    secret: [u8; 64],
}

struct Genuine {
    algorithm: JwsAlgorithm,
    message: String,
    signature: String,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let entropy = SeededEntropy::new(7);
    let rsa = include_str!("../../../crates/jose/fixtures/rsa_pkcs8.pem");
    let mut known = Known {
        keys: JwkSet::default(),
        genuine: Vec::new(),
        ours: ed25519(&PrivateKey::generate(KeyKind::Ed25519, &SeededEntropy::new(8)).expect("a seed")),
        published: Vec::new(),
        secret: [9; 64],
    };
    let ours = PrivateKey::generate(KeyKind::Ed25519, &SeededEntropy::new(8)).expect("a seed");
    known.keys.keys.push(ours.public().to_jwk());
    for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::ES512, JwsAlgorithm::RS256, JwsAlgorithm::PS256] {
        let kind = KeyKind::of(algorithm).expect("it is asymmetric");
        let key = match kind {
            KeyKind::Rsa => PrivateKey::read(rsa.as_bytes()).expect("a key of RFC 7515"),
            _ => PrivateKey::generate(kind, &entropy).expect("a key"),
        };
        let signing = SigningKey::new(&key, algorithm).expect("the key is of that kind");
        let token = signing.sign(TokenType::Jwt, br#"{"sub":"ada"}"#).expect("a signature");
        let (message, signature) = token.expose().rsplit_once('.').expect("three segments");
        known.genuine.push(Genuine { algorithm, message: message.into(), signature: signature.into() });
        let jwk = signing.public_jwk();
        let text = |name| jwk.text(name).map(|text| base64url::decode(text).expect("our own"));
        known.published.extend([text("n"), text("x")].into_iter().flatten());
        known.published.push(key.public().to_pem().into_bytes());
        known.published.push(serde_json::to_vec(jwk).expect("a key is JSON"));
        known.keys.keys.push(jwk.clone());
    }
    known
});

fn ed25519(key: &PrivateKey) -> Ed25519KeyPair {
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key.to_pkcs8()).expect("PKCS#8")
}
