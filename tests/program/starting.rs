use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command};

use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use super::grantway;

/// A running server; gone when dropped.
pub(super) struct Serving {
    process: Child,
    issuer: String,
    out: BufReader<ChildStdout>,
}

impl Serving {
    /// Returns once it says that it listens.
    pub(super) fn start(folder: &Path, more: &[&str]) -> Self {
        let mut process =
            grantway(folder).args(["serve", "--listen", "127.0.0.1:0"]).args(more).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let issuer = first.trim_end().strip_prefix("listening on ").unwrap_or_default().to_owned();
        assert!(!issuer.is_empty(), "first came {first:?}");
        Self { process, issuer, out }
    }

    pub(super) fn get(&self, path: &str) -> String {
        let issuer = Url::parse(&self.issuer).unwrap();
        let mut connection = TcpStream::connect(issuer.authority()).unwrap();
        write!(
            connection,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            issuer.authority()
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Everything after the first line, told to end politely, which it does with 0.
    fn said(mut self) -> String {
        let told = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(told.success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn password(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("grantway-data/bootstrap.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["account"]["password"].as_str().unwrap().to_owned()
}

#[test]
fn the_first_start_shows_the_password_and_no_later_one_does() {
    let folder = TempDir::new().unwrap();

    let first = Serving::start(folder.path(), &[]);
    let shown = password(folder.path());
    let first = first.said();
    let second = Serving::start(folder.path(), &[]).said();

    assert_eq!(first.matches(&shown).count(), 1);
    assert!(first.contains("/demo"), "{first}");
    assert!(!second.contains(&shown), "{second}");
    assert_eq!(password(folder.path()), shown);
}

#[test]
fn four_that_start_together_have_one_key_set_and_one_bootstrap() {
    let folder = TempDir::new().unwrap();
    let starting: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| Serving::start(folder.path(), &[]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    let mut key_sets: Vec<_> = starting.iter().map(|serving| serving.get("/.well-known/jwks.json")).collect();
    let shown = password(folder.path());
    let shows = starting.into_iter().map(Serving::said).filter(|said| said.contains(&shown)).count();

    key_sets.dedup();
    assert_eq!(key_sets.len(), 1);
    assert_eq!(shows, 1, "one made it, and one shows it");
}

#[test]
fn what_it_leaves_behind_is_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();

    drop(Serving::start(folder.path(), &[]));

    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("grantway-data"), 0o700);
    assert_eq!(mode("grantway-data/root.key"), 0o600);
    assert_eq!(mode("grantway-data/bootstrap.json"), 0o600);
}

#[test]
fn without_demo_data_a_link_makes_the_first_account() {
    let folder = TempDir::new().unwrap();

    let serving = Serving::start(folder.path(), &["--issuer", "https://login.example.com"]);
    let demo = serving.get("/demo");
    let said = serving.said();

    assert!(said.contains("https://login.example.com/first-account?token="), "{said}");
    assert!(!folder.path().join("grantway-data/bootstrap.json").exists());
    assert!(!demo.contains("<h1>Try a sign-in"), "{demo}");
}
