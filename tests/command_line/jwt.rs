//! What is in a token, and whether it is to be believed.

use grantway_tests::provider::Endpoint;
use serde_json::Value;

use super::{Ended, Shell, get, provider, provider_with, write};

#[test]
fn a_token_is_not_verified_unless_somebody_verifies_it() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let token = shell.says(&["token", "--id-token"]);

    let ended = shell.run(&["jwt", &token]);
    assert!(ended.code == 0 && ended.out.starts_with("NOT VERIFIED"), "{ended:?}");
    assert!(ended.out.contains("UTC, in "), "{}", ended.out);
    assert!(!ended.out.contains('\u{1b}'), "a pipe gets no colours: {}", ended.out);

    let keys = write(shell.home.path(), "keys.json", &get(&provider.url(Endpoint::Jwks)));
    for more in [&["--verify", "--issuer", provider.issuer()][..], &["--verify", "--jwks", &keys]] {
        let ended = shell.run(&[&["jwt", &token], more].concat());
        assert!(ended.code == 0 && ended.out.starts_with("VERIFIED"), "{more:?}: {ended:?}");
    }
    let access_token = shell.says(&["token"]);
    let verify = ["jwt", &token, "--verify", "--issuer", provider.issuer(), "--access-token"];
    assert_eq!(shell.run(&[&verify[..], &[&access_token]].concat()).code, 0);
    assert_eq!(shell.run(&[&verify[..], &["another"]].concat()).code, 9);
}

#[test]
fn whoever_made_a_token_does_not_choose_which_machines_here_are_asked() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let token = shell.says(&["token", "--id-token"]);
    let before = provider.received().len();

    let ended = shell.run(&["jwt", &token, "--verify"]);

    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.err.contains(&format!("--issuer {}", provider.issuer())), "{ended:?}");
    assert_eq!(provider.received().len(), before, "nobody was asked");
    let mut allowed = shell.command(&["jwt", &token, "--verify"]);
    let ended = Ended::of(allowed.env("GRANTWAY_OUTBOUND_ALLOW", "127.0.0.0/8").output().unwrap());
    assert!(ended.code == 0 && ended.out.contains("whom the token names itself"), "{ended:?}");
}

#[test]
fn a_token_that_was_changed_or_is_of_somebody_else_is_not_believed() {
    let (provider, other, shell) = (provider_with(1), provider_with(2), Shell::new());
    shell.signs_in(&provider, &[]);
    let token = shell.says(&["token", "--id-token"]);
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();

    let ended = shell.run(&["jwt", &format!("{rest}.{turned}"), "--verify", "--issuer", provider.issuer()]);
    assert_eq!(ended.code, 9, "{ended:?}");
    assert!(ended.out.starts_with("NOT TO BE BELIEVED"), "{ended:?}");
    let told = shell.run(&["jwt", &token, "--verify", "--issuer", other.issuer(), "--json"]);
    assert_eq!(told.code, 9, "{told:?}");
    assert_eq!(serde_json::from_str::<Value>(&told.out).unwrap()["verified"], false);

    assert_eq!(shell.run(&["jwt", "opaque"]).code, 9);
    assert_eq!(shell.run(&["jwt", "a.b.c.d.e"]).code, 9);
    assert_eq!(shell.fed(&["jwt", "-"], "").code, 2);
}

#[test]
fn what_was_not_looked_at_is_told_and_what_does_not_fit_is_not_believed() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let token = write(shell.home.path(), "token", &shell.says(&["token", "--id-token"]));
    let token = format!("@{token}");
    let keys = write(shell.home.path(), "keys.json", &get(&provider.url(Endpoint::Jwks)));
    let before = provider.received().len();
    let verify = |more: &[&str]| shell.run(&[&["jwt", &token, "--verify", "--jwks", &keys], more].concat());

    let ended = verify(&[]);
    assert!(ended.code == 0 && ended.out.contains("its issuer was not looked at"), "{ended:?}");
    assert!(ended.out.contains("its audience was not looked at") && ended.err.is_empty(), "{ended:?}");
    let ended = verify(&["--issuer", provider.issuer(), "--audience", "cli"]);
    assert!(ended.code == 0 && !ended.out.contains("not looked at"), "{ended:?}");
    for wrong in [["--issuer", "https://other.test"], ["--audience", "another"]] {
        let ended = verify(&wrong);
        assert!(ended.code == 9 && ended.out.starts_with("NOT TO BE BELIEVED"), "{wrong:?}: {ended:?}");
    }
    assert_eq!(provider.received().len(), before, "nobody was asked");
    assert_eq!(shell.run(&["jwt", &token, "--audience", "cli"]).code, 2, "only with --verify");
}

#[test]
fn a_token_comes_from_one_place_that_others_do_not_see() {
    let shell = Shell::new();
    let token = "eyJhbGciOiJub25lIn0.e30.";
    let warned = shell.run(&["jwt", token]);
    assert!(warned.code == 0 && warned.err.contains("warning: a token that is an argument"), "{warned:?}");
    let fed = shell.fed(&["jwt", "-"], token);
    assert!(fed.code == 0 && fed.err.is_empty() && fed.out == warned.out, "{fed:?}");
    assert!(shell.run(&["jwt", token, "--json"]).err.is_empty());

    for another in ["--diff", "--access-token", "--dpop-proof"] {
        let twice = shell.run(&["jwt", "-", another, "-"]);
        assert!(twice.code == 2 && twice.err.contains("cannot be read twice"), "{another}: {twice:?}");
    }
}

#[test]
fn two_tokens_are_told_apart() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let one = shell.says(&["token", "--id-token"]);
    shell.signs_in(&provider, &[]);
    let other = shell.says(&["token", "--id-token"]);

    let told = shell.tells(&["jwt", &one, "--diff", &other, "--json"]);

    assert!(told["claims"]["nonce"].is_array(), "{told}");
    assert!(told["claims"].get("iss").is_none() && told["header"].as_object().unwrap().is_empty(), "{told}");
    let shown = shell.says(&["jwt", &one, "--diff", &other]);
    assert!(shown.lines().any(|line| line.starts_with("- nonce")), "{shown}");
}
