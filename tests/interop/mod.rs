//! Clients and libraries that nobody here wrote, against the program as people run it and against its
//! tokens and keys.
//!
//! `cargo xtask test` fetches them. A client that is missing fails its test: only `--without`
//! leaves one out, and says so.

pub(crate) mod mail_server;
mod node;
pub(crate) mod python;
pub(crate) mod served;
mod tokens;

use std::process::Command;

use served::Served;

/// Lets a client's script sign a person in at a fresh server, and compares what it did with the
/// whole story, so that a script that stops early and content does not pass.
fn signs_a_person_in(mut script: Command) {
    let served = Served::start();

    let output = script.arg(served.issuer()).arg(served.bootstrap()).output().expect("the script starts");

    let told = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    let scene = || format!("script:\n{told}{complaint}\n{}", served.said());
    assert!(output.status.success(), "the script ended with {}\n{}", output.status, scene());
    assert_eq!(told.lines().map(step).collect::<Vec<_>>(), STORY, "{}", scene());
}

fn step(line: &str) -> String {
    let line: serde_json::Value =
        serde_json::from_str(line).expect("the script prints one JSON object a line");
    let member = |name: &str| line[name].as_str().expect("each line says application and step");
    format!("{}: {}", member("application"), member("step"))
}

/// What `cargo xtask test` told us.
#[expect(clippy::disallowed_methods, reason = "xtask says in the environment where things lie")]
pub(crate) fn told_by_xtask(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test`, which sets it"))
}

const STORY: [&str; 16] = [
    "confidential: discovery",
    "confidential: callback",
    "confidential: code",
    "confidential: userinfo",
    "confidential: refresh",
    "confidential: introspection",
    "confidential: revocation",
    "confidential: client_credentials",
    "confidential: wrong_code",
    "public: discovery",
    "public: callback",
    "public: code",
    "public: userinfo",
    "public: refresh",
    "public: revocation",
    "public: wrong_code",
];
