//! A person signs in, in each of the ways there are.

use std::fs;
use std::process::Command;

use grantway_tests::provider::{Endpoint, Fault};
use serde_json::json;

use super::{ELSEWHERE, Shell, SigningIn, get, provider, provider_with};

#[test]
fn a_person_signs_in_and_everything_that_is_kept_is_hers_alone() {
    let (provider, shell) = (provider(), Shell::new());

    let ended = shell.signs_in(&provider, &["--json"]);

    let told: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(told["profile"], "default");
    assert_eq!((&told["subject"], &told["refreshable"]), (&json!("ada"), &json!(true)));
    let asked = &provider.received_at(Endpoint::Authorize)[0];
    for parameter in ["state", "nonce", "code_challenge"] {
        assert!(asked.parameter(parameter).is_some_and(|value| value.len() >= 43), "{parameter}: {asked:?}");
    }
    for entry in fs::read_dir(shell.profile("default")).unwrap() {
        let entry = entry.unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
    }
    let profile = fs::read_to_string(shell.profile("default").join("profile.toml")).unwrap();
    assert!(profile.contains("client_id = \"cli\""), "{profile}");
}

#[test]
fn her_own_browser_is_opened_and_shows_that_she_is_signed_in() {
    let (provider, shell) = (provider(), Shell::new());
    // Whoever reads the pipe waits until the browser has been opened.
    let pipe = shell.home.path().join("opened");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let browser = super::write(shell.home.path(), "browser", "#!/bin/sh\nprintf %s \"$1\" > \"$OPENED\"\n");
    assert!(Command::new("chmod").args(["+x", &browser]).status().unwrap().success());
    let mut login = shell.command(&["login", provider.issuer(), "--client-id", "cli"]);
    let begun = SigningIn::of(login.env("BROWSER", &browser).env("OPENED", &pipe).spawn().unwrap());

    let opened = fs::read_to_string(&pipe).unwrap();
    let page = get(&opened);

    assert_eq!(opened, begun.url, "what is opened is also told");
    assert!(page.contains("You are signed in"), "{page}");
    assert_eq!(begun.ends().code, 0);
}

#[test]
fn the_address_that_a_browser_ended_at_elsewhere_can_be_pasted() {
    let (provider, shell) = (provider(), Shell::new());
    let arguments = ["login", provider.issuer(), "--client-id", "cli", "--redirect-uri", ELSEWHERE];
    let mut begun = shell.begins(&arguments);
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    let back = agent.get(&begun.url).call().unwrap();
    let ended_at = back.headers()["location"].to_str().unwrap();
    assert!(ended_at.starts_with(ELSEWHERE), "{ended_at}");

    begun.pastes("");
    begun.pastes(ended_at);

    assert_eq!(begun.ends().code, 0);
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache");
}

#[test]
fn what_was_pasted_and_is_of_another_sign_in_is_not_believed() {
    let (provider, shell) = (provider(), Shell::new());
    let mut begun =
        shell.begins(&["login", provider.issuer(), "--client-id", "cli", "--redirect-uri", ELSEWHERE]);
    begun.pastes(&format!("{ELSEWHERE}?code=stolen&state=of-somebody-else"));

    let ended = begun.ends();

    assert_eq!(ended.code, 9, "{ended:?}");
    assert!(provider.received_at(Endpoint::Token).is_empty(), "the code went nowhere");
}

#[test]
fn an_id_token_that_is_not_to_be_believed_keeps_nobody_signed_in() {
    let (provider, shell) = (provider(), Shell::new());
    provider.turn(Fault::IdTokenWrongKey);
    let begun = shell.begins(&["login", provider.issuer(), "--client-id", "cli", "--no-browser"]);
    get(&begun.url);

    let ended = begun.ends();

    assert_eq!(ended.code, 9, "{ended:?}");
    assert_eq!(shell.run(&["token"]).code, 8, "nothing was kept");
}

#[test]
fn nobody_comes_back_and_that_is_a_time_out() {
    let (provider, shell) = (provider(), Shell::new());
    let ended = shell
        .begins(&["login", provider.issuer(), "--client-id", "cli", "--no-browser", "--timeout", "1"])
        .ends();
    assert_eq!(ended.code, 7, "{ended:?}");
}

#[test]
fn a_sign_in_at_another_provider_leaves_no_token_of_the_first() {
    let (first, second, shell) = (provider_with(1), provider_with(2), Shell::new());
    shell.signs_in(&first, &[]);
    let before = shell.kept()["refresh_token"].as_str().unwrap().to_owned();

    let ended = shell.signs_in(&second, &[]);

    assert!(ended.err.contains("warning: the profile default is of"), "{ended:?}");
    shell.is_over();
    shell.says(&["token"]);
    let asked = second.received();
    assert!(!asked.iter().any(|received| received.carries(&before)), "{asked:?}");
}

#[test]
fn a_sign_in_at_another_provider_leaves_no_secret_of_the_first() {
    let (first, second, shell) = (provider_with(1), provider_with(2), Shell::new());
    shell.signs_machine_in(&first);
    let secret = shell.profile("default").join("client_secret");
    assert!(secret.exists());

    shell.signs_in(&second, &[]);

    assert!(!secret.exists());
    assert!(!second.received().iter().any(|received| received.carries(super::SECRET)));
}

#[test]
fn a_person_signs_in_with_the_client_of_a_machine_and_is_asked_what_people_are_asked() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    let mut begun = shell.begins(&["login", "--redirect-uri", ELSEWHERE]);
    assert!(begun.url.contains("scope=openid"), "{}", begun.url);
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    let back = agent.get(&begun.url).call().unwrap();

    begun.pastes(back.headers()["location"].to_str().unwrap());

    assert_eq!(begun.ends().code, 0);
    assert!(shell.kept()["refresh_token"].is_string(), "a person's tokens are renewed");
}

#[test]
fn without_a_person_and_without_a_client_it_is_said_what_is_missing() {
    let shell = Shell::new();
    for (arguments, words) in [
        (&["login"][..], "no provider is named"),
        (&["login", "gihtub"], "did you mean github?"),
        (&["login", "github"], "https://github.com/settings/developers"),
    ] {
        let ended = shell.run(arguments);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}
