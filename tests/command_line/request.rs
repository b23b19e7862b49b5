//! An API asked in the name of a profile.

use grantway_tests::provider::{Endpoint, Fault};

use super::{Shell, grants, provider};

#[test]
fn the_answer_is_printed_as_it_came() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let api = provider.url(Endpoint::Api);

    let ended = shell.run(&["request", "get", &api]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.starts_with(r#"{"greeting":"hello, ada""#), "{ended:?}");
    let told = shell.tells(&["request", "POST", &api, "-d", r#"{"a":1}"#, "-H", "X-Own: yes", "--json"]);
    assert_eq!(told["status"], 200);

    let received = provider.received_at(Endpoint::Api);
    let posted = received.last().unwrap();
    assert_eq!(posted.header("content-type"), Some("application/json"));
    assert_eq!((posted.header("x-own"), &posted.body[..]), (Some("yes"), &br#"{"a":1}"#[..]));
}

#[test]
fn a_token_that_the_api_refuses_is_renewed_and_the_request_sent_again() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    shell.changes_kept(|kept| kept["access_token"] = "of-another-time".into());

    let ended = shell.run(&["request", "GET", &provider.url(Endpoint::Api)]);

    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(grants(&provider), ["authorization_code", "refresh_token"]);
    assert_eq!(provider.received_at(Endpoint::Api).len(), 2);
}

#[test]
fn a_refusal_is_told_with_its_challenge_and_ends_with_five() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    provider.end_all_grants();
    // The next token is refused as well.
    provider.turn(Fault::CaseSensitiveBearer);
    shell.changes_kept(|kept| kept["access_token"] = "of-another-time".into());
    let refusing = provider.url(Endpoint::Userinfo);

    let ended = shell.run(&["request", "GET", &refusing]);

    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.err.contains("Bearer: "), "{}", ended.err);
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    provider.turn(Fault::ApiRedirect);

    let ended = shell.run(&["request", "GET", &provider.url(Endpoint::Api)]);

    assert!(provider.received_elsewhere().is_empty(), "{:?}", provider.received_elsewhere());
    assert!(ended.err.contains("warning:"), "{ended:?}");
}

#[test]
fn another_token_cannot_be_slipped_in() {
    let shell = Shell::new();
    let ended = shell.run(&["request", "GET", "https://api.test", "-H", "Authorization: Bearer x"]);
    assert_eq!(ended.code, 2, "{ended:?}");
}
