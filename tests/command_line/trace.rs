//! What is told of the requests, and that no secret is in it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{SECRET, Shell, provider};

#[test]
fn every_step_is_told_and_no_secret_is() {
    let (provider, shell) = (provider(), Shell::new());
    let traced = ["--trace", "--trace-har", "t.har", "--trace-curl", "t.sh"];
    let secret = super::write(shell.home.path(), "secret", SECRET);
    let login = [
        "login",
        provider.issuer(),
        "--client-id",
        "machine",
        "--no-browser",
        "--client-secret-file",
        &secret,
    ];
    let begun = shell.begins(&[&login[..], &traced].concat());
    super::get(&begun.url);
    let ended = begun.ends();
    assert_eq!(ended.code, 0, "{ended:?}");

    let written = |name: &str| fs::read_to_string(shell.home.path().join(name)).unwrap();
    let (har, script) = (written("t.har"), written("t.sh"));
    for text in [&ended.err, &har, &script] {
        assert!(text.contains("/token"), "{text}");
        for name in ["access_token", "refresh_token", "id_token"] {
            let value = shell.kept()[name].as_str().unwrap().to_owned();
            assert!(!text.contains(&value), "{name} is in {text}");
        }
        assert!(!text.contains(SECRET), "{text}");
        let code = &provider.received_at(grantway_tests::provider::Endpoint::Token)[0];
        let code = code.field("code").unwrap();
        assert!(!text.contains(code), "the code is in {text}");
    }
    assert!(ended.err.contains("[1] GET ") && ended.err.contains("[2] POST "), "{}", ended.err);
    let har: Value = serde_json::from_str(&har).unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 3, "metadata, tokens, keys");
    assert!(
        Command::new("sh").args(["-n", "t.sh"]).current_dir(shell.home.path()).status().unwrap().success()
    );
}

#[test]
fn secrets_are_shown_on_a_terminal_alone() {
    let (provider, shell) = (provider(), Shell::new());
    let ended = shell.run(&["discover", provider.issuer(), "--trace", "--show-secrets"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(provider.received().is_empty());
}
