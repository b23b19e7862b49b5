//! ring, with the least that makes a compact JWS of it: the floor under every library that uses ring.
//!
//! It reads a header only where it is not letter for letter its own.

use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contest::jws::{CLAIMS, Contender};
use contest::{Key, SECRET};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaEncoding, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    contest::jws::run::<Ring>()
}

struct Ring {
    algorithm: String,
    /// As it stands in the token.
    header: String,
    random: SystemRandom,
    keys: Keys,
}

enum Keys {
    Hmac(hmac::Key),
    Ecdsa(EcdsaKeyPair, UnparsedPublicKey<Vec<u8>>),
    Ed25519(Ed25519KeyPair, UnparsedPublicKey<Vec<u8>>),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding, UnparsedPublicKey<Vec<u8>>),
}

impl Contender for Ring {
    type Token = String;

    fn ready(algorithm: &str) -> Option<Self> {
        let mut header = json!({"alg": algorithm, "typ": "JWT"});
        if let Some(key) = Key::of(algorithm) {
            header["kid"] = key.kid.into();
        }
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        Some(Self {
            algorithm: algorithm.to_owned(),
            header,
            random: SystemRandom::new(),
            keys: Keys::of(algorithm)?,
        })
    }

    fn sign(&self) -> String {
        let mut token = format!("{}.", self.header);
        URL_SAFE_NO_PAD.encode_string(CLAIMS, &mut token);
        let message = token.as_bytes();
        let mut end = String::from(".");
        match &self.keys {
            Keys::Hmac(key) => URL_SAFE_NO_PAD.encode_string(hmac::sign(key, message), &mut end),
            Keys::Ecdsa(pair, _) => {
                let signature = pair.sign(&self.random, message).expect("the key signs");
                URL_SAFE_NO_PAD.encode_string(signature, &mut end);
            }
            Keys::Ed25519(pair, _) => URL_SAFE_NO_PAD.encode_string(pair.sign(message), &mut end),
            Keys::Rsa(pair, encoding, _) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &self.random, message, &mut signature).expect("the key signs");
                URL_SAFE_NO_PAD.encode_string(signature, &mut end);
            }
        }
        token.push_str(&end);
        token
    }

    fn text(token: &String) -> &str {
        token
    }

    fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        if header != self.header && !says(header, &self.algorithm) {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        match &self.keys {
            Keys::Hmac(key) => hmac::verify(key, message.as_bytes(), &signature),
            Keys::Ecdsa(_, public) | Keys::Ed25519(_, public) | Keys::Rsa(_, _, public) => {
                public.verify(message.as_bytes(), &signature)
            }
        }
        .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }
}

impl Keys {
    fn of(algorithm: &str) -> Option<Self> {
        match algorithm {
            "HS256" => Some(Self::Hmac(hmac::Key::new(hmac::HMAC_SHA256, SECRET))),
            "HS384" => Some(Self::Hmac(hmac::Key::new(hmac::HMAC_SHA384, SECRET))),
            "HS512" => Some(Self::Hmac(hmac::Key::new(hmac::HMAC_SHA512, SECRET))),
            "ES256" => Some(ecdsa(
                algorithm,
                &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                &signature::ECDSA_P256_SHA256_FIXED,
            )),
            "ES384" => Some(ecdsa(
                algorithm,
                &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
                &signature::ECDSA_P384_SHA384_FIXED,
            )),
            "EdDSA" => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der(algorithm)).expect("it is a key");
                let public = pair.public_key().as_ref().to_vec();
                Some(Self::Ed25519(pair, UnparsedPublicKey::new(&signature::ED25519, public)))
            }
            "RS256" => Some(rsa(&signature::RSA_PKCS1_SHA256, &signature::RSA_PKCS1_2048_8192_SHA256)),
            "RS384" => Some(rsa(&signature::RSA_PKCS1_SHA384, &signature::RSA_PKCS1_2048_8192_SHA384)),
            "RS512" => Some(rsa(&signature::RSA_PKCS1_SHA512, &signature::RSA_PKCS1_2048_8192_SHA512)),
            "PS256" => Some(rsa(&signature::RSA_PSS_SHA256, &signature::RSA_PSS_2048_8192_SHA256)),
            "PS384" => Some(rsa(&signature::RSA_PSS_SHA384, &signature::RSA_PSS_2048_8192_SHA384)),
            "PS512" => Some(rsa(&signature::RSA_PSS_SHA512, &signature::RSA_PSS_2048_8192_SHA512)),
            _ => None,
        }
    }
}

fn says(header: &str, algorithm: &str) -> bool {
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let header: Map<String, Value> = serde_json::from_slice(&header).unwrap_or_default();
    header.get("alg").is_some_and(|alg| alg == algorithm) && !header.contains_key("crit")
}

fn ecdsa(
    algorithm: &str,
    signs: &'static signature::EcdsaSigningAlgorithm,
    verifies: &'static dyn VerificationAlgorithm,
) -> Keys {
    let pair = EcdsaKeyPair::from_pkcs8(signs, &der(algorithm), &SystemRandom::new()).expect("it is a key");
    let public = pair.public_key().as_ref().to_vec();
    Keys::Ecdsa(pair, UnparsedPublicKey::new(verifies, public))
}

fn rsa(signs: &'static dyn RsaEncoding, verifies: &'static dyn VerificationAlgorithm) -> Keys {
    let pair = RsaKeyPair::from_pkcs8(&der("RS256")).expect("it is a key");
    let public = pair.public().as_ref().to_vec();
    Keys::Rsa(pair, signs, UnparsedPublicKey::new(verifies, public))
}

fn der(algorithm: &str) -> Vec<u8> {
    Key::of(algorithm).expect("the algorithm has a key pair").der()
}
