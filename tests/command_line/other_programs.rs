//! What other programs read: git, shells, man.

use std::fs;

use super::{Shell, provider};

#[test]
fn git_gets_a_token_for_the_hosts_that_were_named_alone() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    let token = shell.says(&["token"]);
    let arguments = |operation| ["git-credential", "--host", "git.test", operation];

    let ended = shell.fed(&arguments("get"), "protocol=https\nhost=git.test\n\n");
    assert!(
        ended.out.starts_with(&format!("username=oauth2\npassword={token}\npassword_expiry_utc=")),
        "{ended:?}"
    );
    let ended = shell.fed(&arguments("get"), "protocol=https\nhost=evil.test\n\n");
    assert_eq!((ended.code, &*ended.out), (0, ""), "{ended:?}");

    let ended = shell.fed(&arguments("capability"), "");
    assert_eq!((ended.code, &*ended.out, &*ended.err), (0, "", ""), "{ended:?}");
    let whole = shell.fed(&["git-credential", "--host", "https://git.test", "get"], "");
    assert!(whole.code == 2 && whole.err.contains("git.example.com:8443"), "{whole:?}");

    let told = format!("protocol=https\nhost=git.test\nusername=oauth2\npassword={token}\n\n");
    assert_eq!(shell.fed(&arguments("store"), &told).code, 0);
    assert_eq!(shell.tells(&["token", "--json"])["source"], "cache");
    assert_eq!(shell.fed(&arguments("erase"), &told).code, 0);
    assert_eq!(shell.tells(&["token", "--json"])["source"], "refresh");
}

#[test]
fn a_token_of_a_machine_that_git_did_not_get_in_with_is_asked_for_anew() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    let token = shell.says(&["token"]);
    let arguments = ["git-credential", "--host", "git.test", "erase"];

    let another = "protocol=https\nhost=git.test\npassword=another\n\n";
    assert_eq!(shell.fed(&arguments, another).code, 0);
    assert_eq!(shell.says(&["token"]), token);
    let told = format!("protocol=https\nhost=git.test\npassword={token}\n\n");
    assert_eq!(shell.fed(&arguments, &told).code, 0);
    assert_ne!(shell.says(&["token"]), token);
}

#[test]
fn shells_and_man_know_every_command() {
    let shell = Shell::new();
    for name in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = shell.says(&["completion", name]);
        assert!(script.contains("git-credential") && script.contains("client-secret-file"), "{name}");
        assert!(!script.contains("client-secret "), "{name} offers what is always refused");
    }
    shell.says(&["man", "pages"]);
    let page = fs::read_to_string(shell.home.path().join("pages/grantway-login.1")).unwrap();
    assert!(
        page.contains("Sign in at a provider") && page.contains("\\-\\-client\\-secret\\-file"),
        "{page}"
    );
}
