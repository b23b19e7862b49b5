//! What a token endpoint answers, who may be anybody: it is read or refused, and nothing secret of it is shown.

#![no_main]

use bytes::Bytes;
use grantway_client::reply::{NoTokens, ReplyPolicy, TokenReply};
use grantway_core::time::Timestamp;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use libfuzzer_sys::fuzz_target;

// The first line is the status, the content type and `Retry-After`, with a tab between; the rest is the body.
fuzz_target!(|data: &[u8]| {
    let (head, body) = data.split_at(data.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let mut answer = Response::new(Bytes::copy_from_slice(body.get(1..).unwrap_or_default()));
    let mut words = head.split(|byte| *byte == b'\t');
    let status = words.next().and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    *answer.status_mut() = status.and_then(|status: u16| status.try_into().ok()).unwrap_or_default();
    for name in [CONTENT_TYPE, RETRY_AFTER] {
        if let Some(value) = words.next().and_then(|value| HeaderValue::from_bytes(value).ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    let now = Timestamp::from_unix(1_800_000_000);
    let lenient = ReplyPolicy::lenient().read(&answer, now);
    let strict = ReplyPolicy::strict().read(&answer, now);

    for reading in [&lenient, &strict] {
        match reading {
            Ok(TokenReply { tokens, .. }) => {
                let token = tokens.access_token.expose();
                assert!(answer.status().is_success());
                assert!(!token.is_empty() && HeaderValue::from_str(token).is_ok());
                assert!(["Bearer", "DPoP", "N_A"].contains(&&*tokens.token_type));
                // What is kept is read again as it was.
                let kept = serde_json::to_value(tokens).expect("tokens are JSON");
                if let Ok(again) = serde_json::from_value::<grantway_core::token_set::TokenSet>(kept.clone())
                {
                    assert_eq!(serde_json::to_value(again).expect("tokens are JSON"), kept);
                }
            }
            Err(NoTokens::Refused(refused)) => {
                let shown = refused.to_string();
                assert!(!shown.chars().any(char::is_control) && shown.chars().count() <= 1100, "{shown}");
                assert!(refused.retry_at.is_none_or(|at| (0..=86_400).contains(&at.seconds_since(now))));
            }
            Err(NoTokens::Unreadable(unreadable)) => {
                assert!(unreadable.excerpt.chars().count() <= 300, "{}", unreadable.excerpt);
                assert!(!unreadable.excerpt.chars().any(char::is_control));
            }
        }
    }
    // The strict policy understands nothing otherwise than the lenient one, and less.
    if let (Ok(strict), Ok(lenient)) = (&strict, &lenient) {
        assert!(strict.tokens.access_token.matches(lenient.tokens.access_token.expose()));
        assert_eq!(strict.tolerances, []);
    }
    if strict.is_ok() {
        assert!(lenient.is_ok());
    }
});
