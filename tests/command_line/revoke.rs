//! Tokens that are asked about, and given back.

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
