use axum::body::Body;
use grantway_tests::{Answer, World};
use http::Request;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const PATHS: [&str; 9] = [
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/userinfo",
    "/v1/me/oauth/consent/confidential",
    "/sign-in",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
    "/healthz",
    "/oauth/elsewhere",
];
const NAMES: [&str; 16] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "prompt",
    "max_age",
    "code_challenge",
    "code_challenge_method",
    "grant_type",
    "code",
    "refresh_token",
    "client_secret",
    "return_to",
    "csrf",
    "resume",
];

#[test]
fn whatever_is_asked_nothing_breaks_and_nobody_is_sent_astray() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let value = prop_oneof![
        Just("code".to_owned()),
        Just("confidential".to_owned()),
        Just("https://app.test/cb".to_owned()),
        Just("https://evil.test/cb".to_owned()),
        Just("//evil.test".to_owned()),
        Just("none".to_owned()),
        Just("openid".to_owned()),
        "\\PC{0,40}",
        "[%+&=#/\\\\.;@ -~]{0,40}",
    ];
    let pair = (prop::sample::select(&NAMES[..]), value);
    let input = (
        prop::sample::select(&["GET", "POST", "HEAD", "PUT", "OPTIONS"][..]),
        prop::sample::select(&PATHS[..]),
        prop::collection::vec(pair.clone(), 0..8),
        prop::collection::vec(pair, 0..8),
        prop::option::of("[ -~]{0,40}"),
        prop::sample::select(&["application/x-www-form-urlencoded", "application/json", "text/plain; x"][..]),
        any::<bool>(),
    );
    let mut runner = TestRunner::new(Config { cases: 1500, failure_persistence: None, ..Config::default() });

    let outcome = runner.run(&input, |(method, path, query, body, authorization, content_type, encoded)| {
        let write = |pairs: &[(&str, String)]| {
            if encoded {
                return url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            }
            pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        };
        let uri = format!("{path}?{}", write(&query));
        let mut request = Request::builder().method(method).uri(uri).header("content-type", content_type);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        // Not every text is a URI; those that are not never reach a server.
        let Ok(request) = request.body(Body::from(write(&body))) else { return Ok(()) };
        let answer: Answer = runtime.block_on(world.ask(request));

        prop_assert!(!answer.status.is_server_error(), "{}", answer.text());
        if let Some(target) = answer.location() {
            let own = target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\");
            prop_assert!(own || target.starts_with("https://app.test/cb?"), "{target}");
        }
        Ok(())
    });

    outcome.unwrap();
}
