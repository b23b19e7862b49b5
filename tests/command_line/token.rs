//! A token that is good, and nothing else.

use std::process::Stdio;

use grantway_tests::provider::Fault;
use serde_json::{Value, json};

use super::{Ended, Shell, grants, provider};

#[test]
fn what_is_kept_is_printed_without_asking_anybody() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let (token, asked) =
        (shell.kept()["access_token"].as_str().unwrap().to_owned(), provider.received().len());

    assert_eq!(shell.run(&["token"]).out, format!("{token}\n"));
    assert_eq!(shell.says(&["token", "-H"]), format!("Authorization: Bearer {token}"));
    let told = shell.tells(&["token", "--json"]);
    assert_eq!((&told["access_token"], &told["source"]), (&json!(token), &json!("cache")));
    assert_eq!(told["scope"], "openid profile email offline_access");
    let kubectl = shell.tells(&["token", "--format", "kubectl", "--id-token"]);
    assert_eq!(kubectl["status"]["token"], shell.kept()["id_token"]);
    assert!(
        shell.says(&["token", "--format", "env"]).starts_with(&format!("export GRANTWAY_TOKEN='{token}'\n"))
    );

    assert_eq!(provider.received().len(), asked, "nobody was asked");
}

#[test]
fn what_is_over_is_renewed_once_by_two_shells() {
    let (provider, shell) = (provider(), Shell::new());
    // A provider where the second use of a refresh token ends everything.
    provider.turn(Fault::RotateStrict);
    shell.signs_in(&provider, &[]);
    shell.is_over();

    let shells: Vec<_> = (0..4).map(|_| shell.command(&["token", "--json"]).spawn().unwrap()).collect();
    let told: Vec<Value> = shells
        .into_iter()
        .map(|child| Ended::of(child.wait_with_output().unwrap()))
        .map(|ended| serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}")))
        .collect();

    assert_eq!(grants(&provider), ["authorization_code", "refresh_token"]);
    assert!(told.iter().all(|own| own["access_token"] == told[0]["access_token"]), "{told:?}");
    let renewed = told.iter().filter(|own| own["source"] == "refresh").count();
    assert_eq!(renewed, 1, "{told:?}");
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache");
}

#[test]
fn a_token_with_too_little_left_is_renewed_and_one_that_no_provider_gives_is_said() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let now = shell.kept()["issued_at"].as_i64().unwrap();
    shell.changes_kept(|kept| kept["expires_at"] = (now + 240).into());

    assert_eq!(shell.tells(&["token", "--json", "--min-ttl", "1m"])["source"], "cache");
    assert_eq!(shell.tells(&["token", "--json", "--min-ttl", "5m"])["source"], "refresh");
    let ended = shell.run(&["token", "--min-ttl", "30d"]);
    assert_eq!((ended.code, &*ended.out), (5, ""), "{ended:?}");
}

#[test]
fn a_script_is_told_by_the_exit_code_that_somebody_has_to_sign_in() {
    let (provider, shell) = (provider(), Shell::new());
    let ended = shell.run(&["token"]);
    assert_eq!((ended.code, &*ended.out), (8, ""), "there is no profile: {ended:?}");
    shell.signs_in(&provider, &[]);
    shell.is_over();
    provider.end_all_grants();

    for more in [&[][..], &["--no-login"], &["--json"]] {
        let ended = shell.run(&[&["token"], more].concat());
        assert_eq!((ended.code, &*ended.out), (8, ""), "{ended:?}");
        assert!(ended.err.contains("grantway login --profile default"), "{}", ended.err);
    }

    shell.changes_kept(|kept| drop(kept.as_object_mut().unwrap().remove("refresh_token")));
    let asked = provider.received().len();
    assert_eq!(shell.run(&["token"]).code, 8);
    assert_eq!(provider.received().len(), asked, "without a refresh token nobody is asked");
}

#[test]
fn a_provider_that_is_down_does_not_matter_while_the_token_lives() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let now = shell.kept()["issued_at"].as_i64().unwrap();
    shell.changes_kept(|kept| kept["expires_at"] = (now + 25).into());
    assert_eq!(shell.tells(&["token", "--json", "--offline"])["source"], "cache");
    drop(provider);

    let ended = shell.run(&["token"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("warning:"), "{ended:?}");
    assert_eq!(shell.run(&["token", "--min-ttl", "5m"]).code, 4, "it was to last longer");
    assert_eq!(shell.run(&["token", "--min-ttl", "5m", "--offline"]).code, 4);
}

#[test]
fn each_profile_has_its_own_tokens_and_what_there_is_is_named() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &["--profile", "work"]);

    assert!(!shell.says(&["token", "-p", "work"]).is_empty());
    let ended = shell.run(&["token"]);
    assert!(ended.code == 8 && ended.err.contains("there are work;"), "{ended:?}");
    let ended = shell.run(&["token", "-p", "../work"]);
    assert_eq!(ended.code, 2, "{ended:?}");
}

#[test]
fn whoever_reads_a_part_alone_does_not_break_it() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let mut command = shell.command(&["token"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
