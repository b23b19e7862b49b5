//! The `Authorization` header: credentials that are read are written and read again the same, and a bearer
//! token is what stands in the header.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grantway_core::http::{basic_credentials, bearer_token};
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

// One line is a header as it came; of two, the second is what a Basic header carries, in plain text: no
// mutation of base64 gets far.
fuzz_target!(|raw: &[u8]| {
    match raw.iter().position(|byte| *byte == b'\n') {
        None => whole(raw),
        Some(at) => whole(&[b"Basic ", STANDARD.encode(&raw[at + 1..]).as_bytes()].concat()),
    }
});

fn whole(raw: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(raw) else { return };
    let basic = basic_credentials(&with(&value));
    let bearer = bearer_token(&with(&value));
    assert!(!(matches!(basic, Ok(Some(_))) && matches!(bearer, Ok(Some(_)))), "no header is of two schemes");

    if let Ok(Some(found)) = basic {
        let (id, secret) = (found.client_id.as_str(), found.client_secret.expose());
        assert!(!id.is_empty() && id.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        assert!(!secret.chars().any(char::is_control));
        let encode = |half: &str| url::form_urlencoded::byte_serialize(half.as_bytes()).collect::<String>();
        let header = format!("basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))));
        let header = HeaderValue::from_str(&header).expect("base64 is visible");
        let again = basic_credentials(&with(&header)).expect("well-formed").expect("Basic");
        assert_eq!(again.client_id, found.client_id);
        assert!(again.client_secret.matches(secret));
    }
    if let Ok(Some(token)) = bearer {
        let token = token.expose();
        assert!(!token.is_empty() && token.bytes().all(|byte| (0x21..0x7f).contains(&byte)));
        let text = value.to_str().expect("a token is ASCII, and so is what it stands in");
        assert_eq!(text.split_once(' ').expect("scheme and token").1.trim_matches(' '), token);
    }

    let mut twice = with(&value);
    twice.append(AUTHORIZATION, value);
    assert!(basic_credentials(&twice).is_err() && bearer_token(&twice).is_err());
}

fn with(value: &HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, value.clone())])
}
