//! JSON that came from outside: nothing nests so deep that it takes the stack, and what is read is written
//! and read again the same.

#![no_main]

use grantway_core::account::Account;
use grantway_core::claims::{AccessTokenClaims, Audience, IdTokenClaims, StandardClaims};
use grantway_core::claims_request::{ClaimsRequest, NamedClaims};
use grantway_core::client::Client;
use grantway_core::introspect::IntrospectionResponse;
use grantway_core::jwk::JwkSet;
use grantway_core::metadata::{ServerMetadata, supported_scopes};
use grantway_core::token::TokenResponse;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

fuzz_target!(|raw: &[u8]| {
    check::<Map<String, Value>>(raw);
    check::<AccessTokenClaims>(raw);
    check::<Account>(raw);
    check::<Audience>(raw);
    check::<Client>(raw);
    check::<IdTokenClaims>(raw);
    check::<IntrospectionResponse>(raw);
    check::<JwkSet>(raw);
    check::<ServerMetadata>(raw);
    check::<StandardClaims>(raw);
    check::<TokenResponse>(raw);
    if let Some(Ok(asked)) = std::str::from_utf8(raw).ok().map(str::parse::<ClaimsRequest>) {
        let seen = supported_scopes();
        assert!(NamedClaims::within(&asked, &seen).scope().is_subset(&seen));
    }
});

fn check<T: Serialize + DeserializeOwned>(raw: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(raw) else { return };
    assert!(depth(raw) < 128);
    let written = serde_json::to_vec(&read).expect("our documents have texts for keys");
    let again: T = serde_json::from_slice(&written).expect("what we wrote is well-formed");
    assert_eq!(serde_json::to_vec(&again).expect("once more"), written);
}

/// How many brackets are open at most, in what is known to be JSON.
fn depth(json: &[u8]) -> usize {
    let (mut open, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match (byte, quoted) {
            _ if escaped => escaped = false,
            (b'\\', true) => escaped = true,
            (b'"', _) => quoted = !quoted,
            (b'[' | b'{', false) => open += 1,
            (b']' | b'}', false) => open -= 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}
