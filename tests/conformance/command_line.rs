//! The suite as a program: how it ends, and what it says in JSON.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};

use serde_json::Value;

use super::{file, grantway};

#[test]
fn it_ends_as_the_issuer_stands() {
    let served = grantway::serve(&[]);
    let issuer = served.issuer();
    let baseline = file("grantway", "baseline.toml");
    let baseline = baseline.to_str().unwrap();
    let config = ["--issuer", issuer, "--plan", "oidcc-config"];
    // The person of another server has another password here.
    let strangers = file("node", "clients.toml").to_str().unwrap().to_owned();
    let code = ["--plan", "oidcc-basic", "--module", "oidcc-server"];
    let silent = ["--plan", "oidcc-basic", "--module", "oidcc-prompt-none-not-logged-in"];
    for (arguments, code) in [
        (config.to_vec(), 20),
        ([&config[..], &["--baseline", baseline]].concat(), 0),
        ([&["--issuer", issuer], &silent[..]].concat(), 0),
        ([&["--issuer", issuer, "--clients", &strangers], &code[..]].concat(), 21),
        (vec!["--issuer", &unheard()], 4),
        (vec!["--issuer", "no URL"], 3),
        (vec!["--issuer", issuer, "--clients", baseline], 3),
        (vec!["--issuer", issuer, "--plan", "oidcc-bsic"], 2),
        (vec!["--issuer", issuer, "--plan", "oidcc-config", "--module", "oidcc-server"], 2),
        (vec!["--list"], 0),
    ] {
        let output = run(&arguments);

        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}{complaint}");
        // A complaint has three lines; a verdict is none.
        assert_eq!(complaint.contains("  next: "), matches!(code, 2..=4), "{arguments:?}\n{complaint}");
    }
}

#[test]
fn a_script_reads_what_was_found_and_what_was_not_expected() {
    let served = grantway::serve(&[]);
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.toml");
    let known = "[[expected]]\nmodules = [\"oidcc-discovery-endpoint-verification\"]\n\
                 condition = \"discovery-openid\"\nverdict = \"warning\"\nbecause = \"it was so once\"";
    fs::write(&baseline, known).unwrap();
    let baseline = baseline.to_str().unwrap();

    let output =
        run(&["--issuer", served.issuer(), "--plan", "oidcc-config", "--json", "--baseline", baseline]);

    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(report["issuer"], served.issuer());
    assert_eq!(report["verdict"], "warning");
    assert_eq!(report["modules"][0]["module"], "oidcc-discovery-endpoint-verification");
    let condition = &report["modules"][0]["conditions"][0];
    assert_eq!(
        (&condition["condition"], &condition["verdict"]),
        (&"discovery-answers".into(), &"pass".into())
    );
    let conditions = |list: &str| {
        let entries = report[list].as_array().unwrap().iter();
        entries.map(|entry| entry["condition"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(conditions("unexplained"), ["discovery-issuer-https", "discovery-endpoints-https"]);
    assert_eq!(conditions("stale"), ["discovery-openid"]);
    assert_eq!(output.status.code(), Some(20));
}

/// With our own server's clients, if others are not named.
fn run(arguments: &[&str]) -> Output {
    let mut suite = Command::new(env!("CARGO_BIN_EXE_conformance"));
    if !arguments.contains(&"--clients") {
        suite.arg("--clients").arg(file("grantway", "clients.toml"));
    }
    suite.args(arguments).output().expect("it is built beside the tests")
}

/// Where somebody listened a moment ago.
fn unheard() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    format!("http://{}", listener.local_addr().expect("it listens"))
}
