//! How the client of a profile proves who it is, and where its secret comes from.

use std::fs;

use super::{SECRET, Shell, grants, provider, write};

#[test]
fn a_secret_comes_from_where_it_is_and_is_kept_only_if_nothing_else_keeps_it() {
    let (provider, shell) = (provider(), Shell::new());
    let file = write(shell.home.path(), "secret", &format!("{SECRET}\nnot this\n"));
    let command = format!("cat {file}");
    for (profile, more, kept) in [
        ("file", &["--client-secret-file", "secret"][..], false),
        ("command", &["--client-secret-command", &command], false),
        ("stdin", &["--client-secret-stdin"], true),
        ("env", &["--client-secret-env", "OWN_SECRET"], true),
    ] {
        let login =
            ["login", provider.issuer(), "--client-id", "machine", "--client-credentials", "-p", profile];
        let arguments = [&login[..], more].concat();
        let ended = if profile == "env" {
            super::Ended::of(shell.command(&arguments).env("OWN_SECRET", SECRET).output().unwrap())
        } else {
            shell.fed(&arguments, &format!("{SECRET}\n"))
        };
        assert_eq!(ended.code, 0, "{profile}: {ended:?}");
        assert_eq!(shell.profile(profile).join("client_secret").exists(), kept, "{profile}");
        let settings = fs::read_to_string(shell.profile(profile).join("profile.toml")).unwrap();
        assert!(!settings.contains(SECRET), "{settings}");
        assert!(!format!("{ended:?}").contains(SECRET), "{ended:?}");
    }
    assert_eq!(grants(&provider), ["client_credentials"; 4]);
}

#[test]
fn a_secret_is_no_argument() {
    let ended = Shell::new().run(&["login", "github", "--client-secret", SECRET]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("--client-secret-file") && !ended.err.contains(SECRET), "{}", ended.err);
}

#[test]
fn a_wrong_secret_is_refused_and_nothing_is_kept() {
    let (provider, shell) = (provider(), Shell::new());
    let arguments = [
        "login",
        provider.issuer(),
        "--client-id",
        "machine",
        "--client-credentials",
        "--client-secret-stdin",
        "--json",
    ];
    let ended = shell.fed(&arguments, "wrong-wrong-wrong-wrong\n");
    assert_eq!(ended.code, 5, "{ended:?}");
    let told: serde_json::Value = serde_json::from_str(&ended.err).unwrap();
    assert_eq!((told["exit_code"].as_u64(), told["error"]["code"].as_str()), (Some(5), Some("refused")));
    assert!(!shell.profile("default").join("profile.toml").exists());
}

#[test]
fn a_machine_gets_another_token_when_the_first_is_over() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    shell.is_over();

    assert_eq!(shell.tells(&["token", "--json"])["source"], "new");
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache");
    assert_eq!(grants(&provider), ["client_credentials"; 2]);
}
