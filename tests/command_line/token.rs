//! A token that is good, and nothing else.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Stdio};

use grantway_tests::provider::{Endpoint, Fault};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::{Ended, Shell, an_id_token_until, grants, provider, provider_with};

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

#[test]
fn an_id_token_that_has_ended_is_not_printed_whatever_the_access_token_does() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    shell.changes_kept(|kept| kept["id_token"] = an_id_token_until(1000).into());
    assert_eq!(shell.run(&["token", "--id-token", "--offline"]).code, 4);
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache", "the access token is good");

    let ended = shell.run(&["token", "--id-token"]);

    assert_eq!((ended.code, &*ended.out), (8, ""), "this provider gives none when it renews: {ended:?}");
}

#[test]
fn a_token_that_could_not_be_written_is_no_success() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let full = File::options().write(true).open("/dev/full").unwrap();

    let output = shell.command(&["token"]).stdout(full).output().unwrap();

    let ended = Ended::of(output);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.err.contains("could not be written"), "{ended:?}");
}

/// Renews what is over, and waits for the lease that somebody else holds.
struct Renewing<'a> {
    shell: &'a Shell,
    lock: File,
    child: Child,
    said: BufReader<ChildStderr>,
}

impl<'a> Renewing<'a> {
    fn begin(shell: &'a Shell) -> Self {
        let path = shell.profile("default").join("tokens.json.lock");
        let lock = File::open(&path).unwrap();
        lock.lock().unwrap();
        let mut child = shell.command(&["token"]).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        assert!(next_line(&mut said).contains("Another process renews"));
        Self { shell, lock, child, said }
    }

    fn is_told(&mut self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    fn goes_on(mut self) -> Ended {
        drop(self.lock);
        let mut err = String::new();
        self.said.read_to_string(&mut err).unwrap();
        Ended { err, ..Ended::of(self.child.wait_with_output().unwrap()) }
    }
}

fn next_line(said: &mut impl BufRead) -> String {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    line
}

#[test]
fn whoever_stops_a_renewal_stops_it_when_the_tokens_are_kept() {
    let (provider, shell) = (provider(), Shell::new());
    provider.turn(Fault::RotateStrict);
    shell.signs_in(&provider, &[]);
    shell.is_over();
    let mut renewing = Renewing::begin(&shell);

    renewing.is_told(Signal::INT);
    assert!(next_line(&mut renewing.said).contains("when what was begun is kept"));
    let ended = renewing.goes_on();

    assert_eq!((ended.code, &*ended.out), (130, ""), "{ended:?}");
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache", "what came was kept");
    assert_eq!(grants(&provider), ["authorization_code", "refresh_token"]);
}

#[test]
fn whoever_stops_it_twice_stops_it_at_once() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    shell.is_over();
    let mut renewing = Renewing::begin(&shell);

    renewing.is_told(Signal::TERM);
    assert!(next_line(&mut renewing.said).contains("when what was begun is kept"));
    renewing.is_told(Signal::TERM);

    assert_eq!(renewing.child.wait().unwrap().code(), Some(143), "although the lease is not given back");
}

#[test]
fn the_tokens_of_one_provider_are_not_shown_to_another_that_a_sign_in_puts_away_meanwhile() {
    let (first, second, shell) = (provider_with(1), provider_with(2), Shell::new());
    shell.signs_in(&first, &[]);
    shell.is_over();
    let renewing = Renewing::begin(&shell);
    let profile = shell.profile("default").join("profile.toml");
    let of_second = fs::read_to_string(&profile).unwrap().replace(first.issuer(), second.issuer());
    fs::write(&profile, of_second).unwrap();
    let shell = renewing.shell;
    shell.changes_kept(|kept| kept["refresh_token"] = "of-the-second".into());

    let ended = renewing.goes_on();

    assert_eq!(ended.code, 10, "{ended:?}");
    assert!(ended.err.contains("has changed meanwhile"), "{ended:?}");
    assert_eq!(first.received_at(Endpoint::Token).len(), 1, "the sign-in alone");
}
