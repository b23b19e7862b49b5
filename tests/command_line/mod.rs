//! The commands for whoever is at the keyboard, as processes: what they print, what they keep, and how they end.

mod arguments;
mod client_proofs;
mod device;
mod discover;
mod jwk;
mod jwt;
mod kept;
mod node;
mod other_programs;
mod own_provider;
mod request;
mod revoke;
mod sign_in;
mod token;
mod trace;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use grantway_core::base64url;
use grantway_core::seam::SystemClock;
use grantway_tests::provider::{Endpoint, ForeignClient, ForeignProvider, Setup};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::grantway;

/// Somebody's shell, with a folder of its own for profiles.
struct Shell {
    home: TempDir,
}

/// A command that has ended.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Shell {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = grantway(self.home.path());
        for name in ["SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"] {
            command.env_remove(name);
        }
        command.env("GRANTWAY_HOME", self.home.path()).args(arguments);
        command
    }

    /// Runs it to its end.
    fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// The same with that on standard input.
    fn fed(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }

    /// What it prints, and it went well.
    fn says(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
        ended.out.trim_end().to_owned()
    }

    /// The document that it prints, and it went well.
    fn tells(&self, arguments: &[&str]) -> Value {
        let out = self.says(arguments);
        serde_json::from_str(&out).unwrap_or_else(|fault| panic!("{fault}: {out}"))
    }

    /// Begins a sign-in whose address is opened by somebody else.
    fn begins(&self, arguments: &[&str]) -> SigningIn {
        SigningIn::of(self.command(arguments).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// A person of that provider signs in, who agrees to everything.
    /// The client `machine` gets tokens for itself.
    fn signs_machine_in(&self, provider: &ForeignProvider) {
        let arguments = [
            "login",
            provider.issuer(),
            "--client-id",
            "machine",
            "--client-credentials",
            "--client-secret-stdin",
        ];
        assert_eq!(self.fed(&arguments, SECRET).code, 0);
    }

    fn signs_in(&self, provider: &ForeignProvider, more: &[&str]) -> Ended {
        let mut arguments = vec!["login", provider.issuer(), "--client-id", "cli", "--no-browser"];
        arguments.extend(more);
        let begun = self.begins(&arguments);
        let page = get(&begun.url);
        let ended = begun.ends();
        assert_eq!(ended.code, 0, "{page}: {ended:?}");
        ended
    }

    fn profile(&self, name: &str) -> PathBuf {
        self.home.path().join("profiles").join(name)
    }

    /// The tokens that are kept.
    fn kept(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.profile("default").join("tokens.json")).unwrap())
            .unwrap()
    }

    /// Changes the tokens that are kept, as time would.
    fn changes_kept(&self, change: impl FnOnce(&mut Value)) {
        let mut kept = self.kept();
        change(&mut kept);
        fs::write(self.profile("default").join("tokens.json"), kept.to_string()).unwrap();
    }

    /// The access token that is kept ended long ago.
    fn is_over(&self) {
        self.changes_kept(|kept| {
            kept["issued_at"] = 1.into();
            kept["expires_at"] = 2.into();
        });
    }
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A sign-in that waits for the person.
struct SigningIn {
    child: Child,
    url: String,
    err: BufReader<std::process::ChildStderr>,
    said: String,
}

impl SigningIn {
    fn of(mut child: Child) -> Self {
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        loop {
            let mut line = String::new();
            let read = err.read_line(&mut line).unwrap();
            assert!(read > 0, "it ended without an address:\n{said}");
            said.push_str(&line);
            if let Some(url) =
                line.trim().strip_prefix("http").filter(|url| url.contains("response_type=code"))
            {
                let url = format!("http{url}");
                return Self { child, url, err, said };
            }
        }
    }

    /// The person pastes that.
    fn pastes(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn ends(mut self) -> Ended {
        self.err.read_to_string(&mut self.said).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Ended { err: self.said, ..Ended::of(output) }
    }
}

/// What a browser gets there, redirects followed.
fn get(url: &str) -> String {
    let answer = ureq::get(url).call().unwrap_or_else(|fault| panic!("{url}: {fault}"));
    answer.into_body().read_to_string().unwrap()
}

/// A provider that knows the clients `cli` and `machine` (secret `sesame-sesame-sesame`), by the machine's clock.
fn provider() -> ForeignProvider {
    provider_with(1)
}

/// One that draws others than the other.
fn provider_with(seed: u64) -> ForeignProvider {
    let setup = Setup { clock: Arc::new(SystemClock), seed, ..Setup::default() };
    let provider = ForeignProvider::of(setup);
    let redirect_uris = vec!["http://127.0.0.1/callback".to_owned(), ELSEWHERE.to_owned()];
    provider.register(ForeignClient { redirect_uris: redirect_uris.clone(), ..ForeignClient::public("cli") });
    provider.register(ForeignClient { redirect_uris, ..ForeignClient::confidential("machine", SECRET) });
    provider
}

/// The grants that the token endpoint was asked for.
fn grants(provider: &ForeignProvider) -> Vec<String> {
    let asked = provider.received_at(Endpoint::Token);
    asked.iter().map(|received| received.field("grant_type").unwrap().to_owned()).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// As much of one as is looked at once it is kept.
fn an_id_token_until(exp: i64) -> String {
    format!("e30.{}.e30", base64url::encode(json!({ "exp": exp }).to_string()))
}

const SECRET: &str = "sesame-sesame-sesame";
const ELSEWHERE: &str = "https://app.test/back";
