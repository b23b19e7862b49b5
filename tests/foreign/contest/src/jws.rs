//! Tokens, signed and verified.
//!
//! `PROGRAM token ES256` prints a token, `PROGRAM claims ES256` reads one and prints what it says, and `PROGRAM sign ES256
//! 500` and `PROGRAM verify ES256 500` (which reads the token) do that for so many milliseconds and print what it cost. All
//! sign the same claims with the same keys; keys are ready before time is taken, as far as the library lets them be.

use std::hint::black_box;
use std::io::{Read, stdin};
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::{ABSENT, MISUSED, said, stopwatch, time};

/// A library at work by one algorithm.
pub trait Contender: Sized {
    /// A compact JWS as the library hands it out.
    type Token;

    /// Ready to work by that algorithm; nothing if the library does not have it.
    fn ready(algorithm: &str) -> Option<Self>;

    /// A compact JWS over [`CLAIMS`], its header with `alg`, `typ` and, of a key pair, `kid`.
    fn sign(&self) -> Self::Token;

    /// How it goes on the wire.
    fn text(token: &Self::Token) -> &str;

    /// The claims, if the token was signed with that key by that algorithm.
    fn verify(&self, token: &str) -> Option<Map<String, Value>>;
}

/// Does what the arguments say.
pub fn run<C: Contender>() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, algorithm, rest @ ..] = arguments.as_slice() else { return ExitCode::from(MISUSED) };
    let Some(contender) = C::ready(algorithm) else { return ExitCode::from(ABSENT) };
    match (verb.as_str(), time(rest)) {
        ("token", None) => said(C::text(&contender.sign())),
        ("claims", None) => match contender.verify(&given()) {
            Some(claims) => said(&Value::Object(claims).to_string()),
            None => ExitCode::FAILURE,
        },
        ("sign", Some(time)) => said(&stopwatch::take(time, || {
            black_box(contender.sign());
        })),
        ("verify", Some(time)) => {
            let token = given();
            assert!(contender.verify(&token).is_some(), "the token does not verify");
            said(&stopwatch::take(time, || {
                black_box(contender.verify(black_box(&token)));
            }))
        }
        _ => ExitCode::from(MISUSED),
    }
}

fn given() -> String {
    let mut text = String::new();
    stdin().read_to_string(&mut text).expect("the token stands on the standard input");
    text.trim().to_owned()
}

/// Those of an ID token, as they are signed: 250 bytes of JSON.
pub const CLAIMS: &str = concat!(
    r#"{"iss":"https://id.example.com","sub":"248289761001","aud":"s6BhdRkqt3","exp":2524608000,"#,
    r#""iat":1700000000,"auth_time":1699999990,"nonce":"n-0S6_WzA2Mjk","acr":"1","amr":["pwd","otp"],"#,
    r#""at_hash":"77QmUPtjPfzWtF2AnpK9RQ","sid":"08a5019c-17e1-4977-8f42"}"#
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_are_of_the_length_that_is_said() {
        assert_eq!(CLAIMS.len(), 250);
        assert!(serde_json::from_str::<Map<String, Value>>(CLAIMS).is_ok());
    }
}
