//! Grantway's jose.

use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use contest::jws::{CLAIMS, Contender};
use contest::{Key, SECRET};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_core::secret::Secret;
use grantway_jose::hmac::SharedKey;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::signing_key::SigningKey;
use grantway_jose::verify::JwsVerifier;
use serde_json::{Map, Value};

fn main() -> ExitCode {
    contest::jws::run::<Jose>()
}

enum Jose {
    Pair { key: Box<SigningKey>, keys: JwkSet, verifier: JwsVerifier },
    Shared(SharedKey),
}

impl Contender for Jose {
    type Token = Secret;

    fn ready(algorithm: &str) -> Option<Self> {
        let jws: JwsAlgorithm = algorithm.parse().ok()?;
        let Some(pair) = Key::of(algorithm) else {
            return SharedKey::new(jws, SECRET).ok().map(Self::Shared);
        };
        let private = PrivateKey::from_der(&pair.der()).expect("the key is one that we sign with");
        let key = Box::new(SigningKey::new(&private, jws).expect("the key serves the algorithm"));
        let keys = JwkSet { keys: vec![key.public_jwk().clone()] };
        Some(Self::Pair { key, keys, verifier: JwsVerifier::new() })
    }

    fn sign(&self) -> Secret {
        match self {
            Self::Pair { key, .. } => key.sign(TokenType::Jwt, CLAIMS.as_bytes()).expect("the key signs"),
            Self::Shared(key) => key.sign(TokenType::Jwt, CLAIMS.as_bytes()),
        }
    }

    fn text(token: &Secret) -> &str {
        token.expose()
    }

    fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        let told = match self {
            Self::Pair { key, keys, verifier } => {
                let rules = VerificationRules {
                    keys: TrustedKeys::Set(keys),
                    algorithms: &[key.algorithm()],
                    types: &[TokenType::Jwt],
                    untyped: false,
                };
                let Poll::Ready(told) =
                    pin!(verifier.verify(token, rules)).poll(&mut Context::from_waker(Waker::noop()))
                else {
                    unreachable!("keys at hand are waited for by nobody")
                };
                told.expect("no collaborator can break down")
            }
            Self::Shared(key) => key.verify(token),
        };
        match told {
            Verification::Valid(claims) => Some(claims),
            Verification::Refused(_) => None,
        }
    }
}
