//! A code that is typed in elsewhere.

use grantway_tests::provider::DeviceAnswer;

use super::{Shell, grants, provider};

#[test]
fn a_code_is_shown_and_the_tokens_come_when_it_was_typed_in() {
    let (provider, shell) = (provider(), Shell::new());

    let ended = shell.run(&["device", provider.issuer(), "--client-id", "cli"]);

    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("│   WDJB-MJHT   │"), "{}", ended.err);
    assert!(ended.err.contains(&format!("{}/device", provider.issuer())), "{}", ended.err);
    assert!(!ended.err.contains('\r'), "nobody watches a pipe count down: {}", ended.err);
    assert_eq!(grants(&provider), ["urn:ietf:params:oauth:grant-type:device_code"]);
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache");
}

#[test]
fn the_person_says_no() {
    let (provider, shell) = (provider(), Shell::new());
    provider.script_device([DeviceAnswer::Denied]);
    let ended = shell.run(&["device", provider.issuer(), "--client-id", "cli"]);
    assert_eq!(ended.code, 6, "{ended:?}");
}

#[test]
fn over_the_network_a_code_is_shown_although_nobody_asked_for_one() {
    let (provider, shell) = (provider(), Shell::new());
    provider.script_device([DeviceAnswer::Expired]);
    let mut command = shell.command(&["login", provider.issuer(), "--client-id", "cli"]);
    let ended = super::Ended::of(command.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22").output().unwrap());
    assert!(ended.err.contains("WDJB-MJHT"), "{}", ended.err);
    assert_eq!(ended.code, 7, "{ended:?}");
}
