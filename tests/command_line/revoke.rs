//! Tokens that are asked about, and given back.

use std::fs::{self, File};
use std::thread::yield_now;

use grantway_tests::provider::Endpoint;

use super::{Shell, provider};

#[test]
fn the_provider_says_whether_a_token_is_active_and_the_exit_code_says_it_too() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);

    let told = shell.tells(&["introspect", "--json"]);
    assert_eq!((&told["active"], &told["client_id"]), (&true.into(), &"machine".into()));
    let ended = shell.fed(&["introspect", "-"], "Bearer of-another-time\n");
    assert_eq!(ended.code, 9, "{ended:?}");
    assert!(ended.out.contains("active  false"), "{ended:?}");
}

#[test]
fn a_token_that_begins_with_a_hyphen_is_no_flag() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    for token in ["-opaque", "-p7Zk", "--opaque"] {
        let ended = shell.run(&["introspect", "--json", "--", token]);
        assert_eq!(ended.code, 9, "{token}: {ended:?}");
    }
    let ended = shell.run(&["introspect", "-opaque", "--json"]);
    assert_eq!(ended.code, 9, "{ended:?}");
    let ended = shell.run(&["login", provider.issuer(), "--client-id", "-id", "--client-credentials"]);
    assert_eq!(ended.code, 5, "the provider does not know it: {ended:?}");
}

#[test]
fn what_was_given_back_is_worth_nothing_and_is_forgotten() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let kept = shell.kept();

    let told = shell.tells(&["revoke", "--json"]);

    assert_eq!((&told["revoked"], &told["forgotten"]), (&2.into(), &true.into()));
    let given_back = provider.received_at(Endpoint::Revocation);
    let tokens: Vec<_> = given_back.iter().map(|received| received.field("token").unwrap()).collect();
    assert_eq!(tokens, [kept["refresh_token"].as_str().unwrap(), kept["access_token"].as_str().unwrap()]);
    assert_eq!(shell.run(&["token"]).code, 8);
    assert_eq!(shell.tells(&["revoke", "--json"])["forgotten"], false, "there is nothing any more");
}

#[test]
fn what_cannot_be_given_back_is_not_forgotten_unless_that_is_said() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    drop(provider);

    assert_eq!(shell.run(&["revoke"]).code, 4);
    assert_eq!(shell.run(&["token"]).code, 0, "it is still there");
    assert_eq!(shell.run(&["revoke", "--forget"]).code, 0);
    assert_eq!(shell.run(&["token"]).code, 8);
}

#[test]
fn what_another_process_renews_meanwhile_is_given_back_too() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let path = shell.profile("default").join("tokens.json");
    let renewing = File::open(path.with_extension("json.lock")).unwrap();
    renewing.lock().unwrap();
    let before = provider.received().len();

    let revoking = shell.command(&["revoke", "--json"]).spawn().unwrap();
    while provider.received().len() == before {
        yield_now();
    }
    let rotated = fs::read_to_string(&path).unwrap();
    let kept = shell.kept();
    let rotated = rotated.replace(kept["refresh_token"].as_str().unwrap(), "rotated-meanwhile");
    fs::write(&path, rotated).unwrap();
    drop(renewing);

    let ended = super::Ended::of(revoking.wait_with_output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    let given_back = provider.received_at(Endpoint::Revocation);
    assert_eq!(given_back[0].field("token"), Some("rotated-meanwhile"));
    assert!(!path.exists());
}
