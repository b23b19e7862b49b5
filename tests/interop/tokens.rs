//! Tokens and keys of every algorithm, handed to a library that nobody here wrote and taken from it.

use std::io::Write;
use std::process::{Command, Stdio};

use grantway_core::base64url;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_core::testing::SeededEntropy;
use grantway_jose::hmac;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::key_set::KeySet;
use grantway_jose::private_key::PrivateKey;
use grantway_jose::public_key::PublicKey;
use grantway_jose::signing_key::SigningKey;
use grantway_jose::verify::JwsVerifier;
use serde_json::{Value, json};

/// Lets a script read what we made by `algorithms` and reads what it made: its tokens, what it signed
/// with our private keys, and its private keys in every form it writes. `forms` is how many forms of
/// private keys have to come of it, so that a script that writes none does not pass.
pub(super) fn are_understood(script: Command, algorithms: &[JwsAlgorithm], forms: usize) {
    let ours: Vec<Ours> = algorithms.iter().map(|algorithm| Ours::make(*algorithm)).collect();

    let told = conversation(script, &ours.iter().map(Ours::document).collect());

    let answers: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), ours.len(), "{told}");
    let read = ours.iter().zip(&answers).map(|(own, answer)| own.reads(answer)).sum::<usize>();
    assert_eq!(read, forms, "{told}");
}

/// By one algorithm: a token and the key to it.
struct Ours {
    algorithm: JwsAlgorithm,
    key: Key,
}

enum Key {
    Shared(Vec<u8>),
    Pair(PrivateKey),
}

impl Ours {
    fn make(algorithm: JwsAlgorithm) -> Self {
        let entropy = SeededEntropy::new(3);
        let key = match KeyKind::of(algorithm) {
            Some(kind) => Key::Pair(PrivateKey::generate(kind, &entropy).unwrap()),
            None => Key::Shared((0..64).collect()),
        };
        Self { algorithm, key }
    }

    fn document(&self) -> Value {
        let alg = self.algorithm;
        match &self.key {
            Key::Shared(secret) => {
                let token = hmac::sign(alg, secret, TokenType::Jwt, CLAIMS).unwrap();
                json!({"alg": alg, "token": token.expose(), "secret": base64url::encode(secret)})
            }
            Key::Pair(private) => {
                let key = SigningKey::new(private, alg).unwrap();
                json!({
                    "alg": alg,
                    "token": key.sign(TokenType::Jwt, CLAIMS).unwrap().expose(),
                    "public_jwk": key.public_jwk(),
                    "public_pem": key.public().to_pem(),
                    "private_pem": private.to_pem().expose(),
                })
            }
        }
    }

    /// How many forms of private keys the answer had.
    fn reads(&self, answer: &Value) -> usize {
        assert_eq!(answer["alg"], self.algorithm.as_str());
        let token = text(answer, "token");
        match &self.key {
            Key::Shared(secret) => {
                is_ada(&hmac::verify(self.algorithm, secret, token).unwrap());
                0
            }
            Key::Pair(own) => {
                self.believes(token, &answer["public_jwk"]);
                let own = serde_json::to_value(own.public().to_jwk()).unwrap();
                self.believes(text(answer, "signed_with_ours"), &own);
                self.imports(&answer["private_keys"], &answer["public_jwk"])
            }
        }
    }

    fn believes(&self, token: &str, public_jwk: &Value) {
        let set = KeySet::from_json(json!({"keys": [public_jwk]}).to_string().as_bytes()).unwrap();
        assert_eq!(set.skipped, [], "{}", self.algorithm);
        let rules = VerificationRules {
            keys: TrustedKeys::Set(&set.usable),
            algorithms: &[self.algorithm],
            types: &[TokenType::Jwt],
            untyped: false,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        is_ada(&runtime.block_on(JwsVerifier::new().verify(token, rules)).unwrap());
    }

    fn imports(&self, private_keys: &Value, public_jwk: &Value) -> usize {
        let public = PublicKey::from_jwk(&serde_json::from_value(public_jwk.clone()).unwrap()).unwrap();
        let forms = private_keys.as_object().unwrap();
        for (form, content) in forms {
            let content = content.as_str().unwrap();
            let bytes = if form.ends_with("_der") {
                base64url::decode(content).unwrap()
            } else {
                content.as_bytes().to_vec()
            };
            let key = PrivateKey::read(&bytes);
            let key = key.unwrap_or_else(|fault| panic!("{} {form}: {fault}", self.algorithm));
            assert_eq!(key.public(), public, "{} {form}", self.algorithm);
            let key = SigningKey::new(&key, self.algorithm).unwrap();
            let signed = key.sign(TokenType::Jwt, CLAIMS).unwrap();
            self.believes(signed.expose(), &serde_json::to_value(key.public_jwk()).unwrap());
        }
        forms.len()
    }
}

/// Gives the script its input and returns what it printed.
fn conversation(mut script: Command, ours: &Value) -> String {
    script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = script.spawn().expect("the script starts");
    let mut input = running.stdin.take().expect("it was started with a pipe");
    // It reads all before it answers, so nothing blocks; dropped, the pipe ends.
    input.write_all(ours.to_string().as_bytes()).expect("the script reads what it is given");
    drop(input);
    let output = running.wait_with_output().expect("the script was started");
    let (told, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the script ended with {}\n{told}{complaint}", output.status);
    told.into_owned()
}

fn is_ada(verification: &Verification) {
    let Verification::Valid(claims) = verification else { panic!("{verification:?}") };
    assert_eq!(claims["sub"], "ada");
}

fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap_or_else(|| panic!("no {member} in {answer}"))
}

const CLAIMS: &[u8] = br#"{"sub":"ada"}"#;
