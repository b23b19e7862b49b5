//! `grantway keys root rotate`, beside two servers that work.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use grantway_core::testing::SeededEntropy;
use grantway_jose::seal::RootKey;
use grantway_tests::Database;
use http::Method;
use serde_json::Value;
use tempfile::TempDir;

use super::nodes::Nodes;
use super::serving::Serving;
use super::{ended, grantway};
use crate::backends::on_each_database;

on_each_database!(what_was_sealed_before_is_good_after_it_and_nobody_waits_for_it);

async fn what_was_sealed_before_is_good_after_it_and_nobody_waits_for_it(database: Database) {
    let nodes = Nodes::start(&database, "refresh_grace = 600", "");
    let (spent, before) = (nodes.refresh_token().await, nodes.root_key());
    let successor = nodes.front.refresh(&spent).await.member("refresh_token");
    let keys = nodes.front.fetch(Method::GET, "/.well-known/jwks.json").await.body;
    let mut browser = nodes.front.browser();
    let form = browser.open("/sign-in").await;

    let mut rotating = Rotating::start(nodes.command(), &["--database-url", database.url()]);
    let mut served = 0;
    while rotating.goes_on() {
        assert_eq!(nodes.front.refresh(&nodes.refresh_token().await).await.status, 200);
        served += 1;
    }

    let after = nodes.root_key();
    assert!(served > 0);
    assert!(after.lines().count() == 1 && after != before, "one key, and another one");
    assert_eq!(nodes.front.fetch(Method::GET, "/.well-known/jwks.json").await.body, keys);
    let (_started_after, front) = nodes.one_more(&database);
    assert_eq!(front.refresh(&spent).await.member("refresh_token"), successor);
    assert_eq!(nodes.front.refresh(&spent).await.member("refresh_token"), successor);
    let page = browser.submit(&form, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await;
    assert!(browser.cookies().contains_key("grantway_session"), "{}", page.words());
}

/// The command, while it runs.
struct Rotating {
    process: Child,
    out: BufReader<ChildStdout>,
}

impl Rotating {
    fn start(mut command: Command, more: &[&str]) -> Self {
        command.args(["keys", "root", "rotate", "--settle", "6"]).args(more);
        let mut process = command.spawn().unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        Self { process, out }
    }

    fn goes_on(&mut self) -> bool {
        match self.process.try_wait().unwrap() {
            None => true,
            Some(status) => {
                assert!(status.success(), "{status}");
                false
            }
        }
    }

    fn says(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }
}

#[test]
fn a_rotation_that_is_killed_goes_on_when_it_is_run_again() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let file = folder.path().join("grantway-data/root.key");
    let before = std::fs::read_to_string(&file).unwrap();
    let mut killed = Rotating::start(grantway(folder.path()), &[]);
    let (begun, waiting) = (killed.says(), killed.says());
    killed.process.kill().unwrap();
    killed.process.wait().unwrap();
    let between = std::fs::read_to_string(&file).unwrap();

    let again = ended(grantway(folder.path()).args(["keys", "root", "rotate", "--settle", "0"]));

    assert!(begun.starts_with("a new root key seals from now on"), "{begun}");
    assert!(waiting.starts_with("waiting 6 s"), "{waiting}");
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.starts_with("going on with the rotation that was begun"), "{said}");
    let after = std::fs::read_to_string(&file).unwrap();
    assert_eq!(between.lines().collect::<Vec<_>>(), [after.trim_end(), before.trim_end()]);
    drop(serving);
    Serving::start(folder.path(), &[]);
}

#[test]
fn of_two_rotations_at_once_one_is_refused() {
    let folder = TempDir::new().unwrap();
    drop(Serving::start(folder.path(), &[]));
    let mut first = Rotating::start(grantway(folder.path()), &[]);
    first.says();

    let second = ended(grantway(folder.path()).args(["keys", "root", "rotate"]));

    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(3), "{said}");
    assert!(said.contains("is being rotated already"), "{said}");
    first.process.kill().unwrap();
    first.process.wait().unwrap();
}

#[test]
fn keys_of_the_environment_rotate_in_steps_that_are_told() {
    let folder = TempDir::new().unwrap();
    let key = |seed| RootKey::generate(&SeededEntropy::new(seed)).to_base64url().expose().to_owned();
    let (old, both, new) = (key(1), format!("{},{}", key(2), key(1)), key(2));
    let with = |root_key: &str| {
        let mut command = grantway(folder.path());
        command.env("GRANTWAY_ROOT_KEY", root_key).stdout(Stdio::piped());
        command
    };
    let rotate = ["keys", "root", "rotate", "--settle", "0", "--json"];
    drop(Serving::of(with(&old).args(["serve", "--listen", "127.0.0.1:0"])));

    let refused = ended(with(&old).args(rotate));
    let rotated = ended(with(&both).args(rotate));

    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("put a new key before the old one"), "{said}");
    let told: Value = serde_json::from_slice(&rotated.stdout).unwrap();
    assert_eq!(told["former_dropped"], false, "{told}");
    assert!(told["resealed"].as_u64().unwrap() >= 3, "two signing keys and a secret: {told}");
    drop(Serving::of(with(&new).args(["serve", "--listen", "127.0.0.1:0"])));
    let late = ended(with(&old).args(["keys", "signing", "list"]));
    assert!(String::from_utf8_lossy(&late.stderr).contains("another root key"));
}
