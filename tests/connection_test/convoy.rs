//! A client that nobody here wrote, against the program as people run it.

use std::io::Write;
use std::process::Stdio;

use grantway_tests::provider::{Fault, Setup};

use super::*;
use crate::interop::python::script;
use crate::interop::served::Served;

#[test]
fn convoy_python_tests_connections() {
    let served = Served::start();
    let provider = ForeignProvider::of(Setup::default());
    let slow = ForeignProvider::start(Fault::RedirectElsewhere(307));
    let bootstrap: Value = serde_json::from_slice(&std::fs::read(served.bootstrap()).unwrap()).unwrap();
    let own = &bootstrap["applications"]["confidential"];
    let ours = json!({
        "url": format!("{}/oauth/token", served.issuer()),
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
        "authentication_type": "shared_secret",
    });
    let asked = [
        json!([{}, {"oauth2": shared_secret(&provider)}]),
        json!([{}, {"oauth2": ours}]),
        json!([{}, {"oauth2": with(shared_secret(&provider), &json!({"client_secret": "wrong"}))}]),
        json!([{}, {"oauth2": {}}]),
        json!([{"diagnose": "true"}, {"oauth2": shared_secret(&slow)}]),
    ];

    let told = convoy(&served, &asked);

    let [theirs, ours, wrong, nothing, redirected] = &told[..] else { panic!("{told:?}") };
    for (status, answer) in [theirs, ours] {
        assert_eq!(*status, 200);
        assert_eq!(answer["message"], "OAuth2 connection test successful", "{answer}");
        assert_eq!(answer["data"]["token_type"], "Bearer");
    }
    assert_eq!((wrong.0, &wrong.1["status"]), (200, &json!(true)));
    let refused = "failed to exchange token: token exchange failed with status 401";
    assert_eq!(
        wrong.1["data"],
        json!({"success": false, "expires_at": "0001-01-01T00:00:00Z", "error": refused})
    );
    assert_eq!(*nothing, (400, json!({"status": false, "message": "Invalid input provided"})));
    assert_eq!(redirected.1["diagnostics"]["finding"]["id"], "redirected");
    assert!(slow.received_elsewhere().is_empty());
}

fn convoy(served: &Served, asked: &[Value]) -> Vec<(u16, Value)> {
    let mut script = script("convoy_connection_test.py");
    script.arg(served.issuer()).arg(served.bootstrap());
    let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = script.stdin.take().unwrap();
    for body in asked {
        writeln!(stdin, "{body}").unwrap();
    }
    drop(stdin);
    let output = script.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", served.said());
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
