//! Replies as the providers of the catalogue are known to write them. They are constructed from what is known, and each
//! says from what; none was recorded.

use std::collections::BTreeSet;

use grantway_client::reply::{NoTokens, ReplyPolicy, TokenReply, Tolerance};
use grantway_core::time::Timestamp;
use grantway_core::token_set::TokenSet;
use http::Response;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

#[derive(Deserialize)]
struct Constructed {
    provider: String,
    origin: String,
    source: String,
    date: String,
    grounds: String,
    status: u16,
    content_type: String,
    body: String,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Expected {
    Tokens {
        token_type: String,
        expires_in: Option<i64>,
        refresh_token: bool,
        scopes: Option<Vec<String>>,
        tolerances: BTreeSet<String>,
    },
    Error {
        error: Option<String>,
        class: Option<String>,
        tolerances: BTreeSet<String>,
    },
}

#[test]
fn the_reply_of_every_provider_of_the_catalogue_is_read_under_the_default_policy() {
    let replies: Vec<Constructed> = serde_json::from_str(REPLIES).unwrap();
    let mut providers = BTreeSet::new();
    for reply in &replies {
        let Constructed { provider, origin, source, date, grounds, .. } = reply;
        assert_eq!(origin, "constructed", "{provider}");
        assert!(!source.is_empty() && !date.is_empty() && !grounds.is_empty(), "{provider}");
        providers.insert(provider);
        check(reply);
    }
    assert_eq!(providers.len(), 41, "each of the catalogue, and each once or twice");
}

#[test]
fn what_nobody_can_guess_is_known_of_those_who_do_it() {
    let replies: Vec<Constructed> = serde_json::from_str(REPLIES).unwrap();
    let mailchimp = replies.iter().find(|reply| reply.provider == "mailchimp").unwrap();
    let preset = ReplyPolicy::preset("mailchimp").unwrap();

    let guessed = ReplyPolicy::default().read(&answer(mailchimp), NOW).unwrap();
    let known = preset.read(&answer(mailchimp), NOW).unwrap();

    assert_eq!((guessed.tokens.expires_at, known.tokens.expires_at), (None, None));
    assert_eq!((guessed.tolerances, known.tolerances), (vec![Tolerance::ExpiryZero], Vec::new()));
}

fn check(reply: &Constructed) {
    let Constructed { provider, body, .. } = reply;
    let names = |tolerances: &[Tolerance]| -> BTreeSet<String> {
        tolerances.iter().map(|own| own.as_str().to_owned()).collect()
    };
    match (&reply.expected, ReplyPolicy::default().read(&answer(reply), NOW)) {
        (
            Expected::Tokens { token_type, expires_in, refresh_token, scopes, tolerances },
            Ok(TokenReply { tokens, tolerances: told }),
        ) => {
            assert_eq!(&tokens.token_type, token_type, "{provider}: {body}");
            let life = tokens.expires_at.map(|end| end.seconds_since(NOW));
            assert_eq!(life, *expires_in, "{provider}: {body}");
            assert_eq!(tokens.refresh_token.is_some(), *refresh_token, "{provider}: {body}");
            let granted =
                tokens.scope.as_ref().map(|scope| scope.iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(&granted, scopes, "{provider}: {body}");
            assert_eq!(&names(&told), tolerances, "{provider}: {body}");
            // What is kept is read again as it was, whatever its members are called.
            let kept = serde_json::to_string(&tokens).unwrap();
            let again: TokenSet = serde_json::from_str(&kept).unwrap();
            assert_eq!(serde_json::to_string(&again).unwrap(), kept, "{provider}");
        }
        (Expected::Error { error, class, tolerances }, Err(NoTokens::Refused(refused))) => {
            assert_eq!(&refused.error, error, "{provider}: {body}");
            if let Some(class) = class {
                assert_eq!(refused.class(true).as_str(), class, "{provider}: {body}");
            }
            assert_eq!(&names(&refused.tolerances), tolerances, "{provider}: {body}");
        }
        (_, other) => panic!("{provider}: {body}: {other:?}"),
    }
}

fn answer(reply: &Constructed) -> Response<bytes::Bytes> {
    let answer = Response::builder().status(reply.status).header(CONTENT_TYPE, &reply.content_type);
    answer.body(reply.body.clone().into()).unwrap()
}

const REPLIES: &str = include_str!("../fixtures/provider_replies.json");
const NOW: Timestamp = Timestamp::from_unix(1_795_000_000);
