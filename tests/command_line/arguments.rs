//! What is wrong with the arguments, and what the environment has to do with it.

use serde_json::Value;

use super::{Ended, Shell, write};

#[test]
fn a_program_that_asks_wrongly_gets_a_document() {
    let shell = Shell::new();
    for arguments in [&["token", "--jsno", "--json"][..], &["git-credential", "--json", "get"]] {
        let ended = shell.run(arguments);
        let told: Value = serde_json::from_str(&ended.err).unwrap();
        assert_eq!((ended.code, &told["exit_code"], &told["error"]["code"]), (2, &2.into(), &"usage".into()));
        assert_eq!(ended.out, "");
    }
    let ended = shell.run(&["git-credential", "get"]);
    assert!(ended.code == 2 && ended.err.contains("--host <HOST>"), "{ended:?}");
    assert!(!ended.err.contains("--store"), "nobody wrote that: {ended:?}");
    assert_eq!(shell.run(&["token", "--help", "--json"]).code, 0);
}

#[test]
fn what_is_empty_in_the_environment_is_not_set() {
    let shell = Shell::new();
    let mut command = shell.command(&["token", "--store"]);
    command.arg(shell.home.path()).env("GRANTWAY_HOME", "").env("GRANTWAY_PROFILE", "");

    let ended = Ended::of(command.output().unwrap());

    assert!(ended.code == 8 && ended.err.contains("default"), "{ended:?}");
}

#[test]
fn a_home_that_is_a_file_is_told_as_that() {
    let shell = Shell::new();
    let file = write(shell.home.path(), "file", "");

    let mut command = shell.command(&["discover", "https://op.test"]);
    let ended = Ended::of(command.env("GRANTWAY_HOME", file).output().unwrap());

    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.err.contains("GRANTWAY_HOME") && !ended.err.contains("--config"), "{ended:?}");
}
