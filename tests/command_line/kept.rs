//! What is kept, when something is the matter with it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{Shell, provider};

#[test]
fn a_file_that_others_can_read_or_that_holds_something_else_is_not_used() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &[]);
    for name in ["tokens.json", "profile.toml"] {
        let path = shell.profile("default").join(name);
        let good = fs::read_to_string(&path).unwrap();

        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let ended = shell.run(&["token"]);
        assert_eq!((ended.code, &*ended.out), (10, ""), "{name}: {ended:?}");
        assert!(ended.err.contains("644"), "{name}: {ended:?}");

        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "something else").unwrap();
        let ended = shell.run(&["token"]);
        assert_eq!((ended.code, &*ended.out), (10, ""), "{name}: {ended:?}");
        fs::write(&path, good).unwrap();
    }
    assert_eq!(shell.run(&["token"]).code, 0);
}

#[test]
fn what_cannot_be_read_is_made_anew_by_a_sign_in() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_in(&provider, &["--dpop"]);
    for name in ["profile.toml", "dpop_key.pem", "tokens.json"] {
        shell.is_over();
        fs::write(shell.profile("default").join(name), "something else").unwrap();
        assert_eq!(shell.run(&["token"]).code, 10, "{name}");

        let ended = shell.signs_in(&provider, &["--dpop"]);

        assert_eq!(ended.err.contains("warning:"), name != "tokens.json", "{name}: {ended:?}");
        assert_eq!(shell.tells(&["token", "--json"])["source"], "cache", "{name}");
    }
    fs::write(shell.profile("default").join("tokens.json"), "something else").unwrap();
    assert_eq!(shell.run(&["revoke"]).code, 10);
    assert_eq!(shell.run(&["revoke", "--forget"]).code, 0);
    assert_eq!(shell.run(&["token"]).code, 8);
}

#[test]
fn a_secret_that_is_elsewhere_from_now_on_is_not_kept_here() {
    let (provider, shell) = (provider(), Shell::new());
    shell.signs_machine_in(&provider);
    let kept = shell.profile("default").join("client_secret");
    assert!(kept.exists());
    let file = super::write(shell.home.path(), "secret", super::SECRET);

    shell.says(&["login", "--client-secret-file", &file]);

    assert!(!kept.exists());
    shell.is_over();
    assert_eq!(shell.tells(&["token", "--json"])["source"], "new");
}
