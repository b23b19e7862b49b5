//! Several processes with one file or table of tokens, and a provider that takes each refresh token once.

use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use grantway_client::{Saved, TokenFile, TokenStore};
use grantway_tests::TokenTable;
use tempfile::TempDir;

use super::provider::{Provider, ended_tokens};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_in_four_processes_renew_once() {
    for place in [Place::File, Place::Table] {
        renew_once(place).await;
    }
}

async fn renew_once(place: Place) {
    let provider = Provider::start(false).await;
    let shared = Shared::ended(place).await;

    let mut processes: Vec<_> = (0..4).map(|_| shared.process(&provider, 250)).collect();
    for process in &mut processes {
        assert_eq!(process.says(), "ready");
    }
    provider.is_asked(1).await;
    provider.let_through(10);

    for process in &mut processes {
        assert_eq!(process.says_at_last(), ["a2"]);
    }
    assert_eq!(provider.shown(), ["r1"]);
    assert_eq!(shared.refresh_token().await, "r2");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_killed_while_it_renews_leaves_the_lease_and_the_grant_to_others() {
    let provider = Provider::start(true).await;
    let shared = Shared::ended(Place::File).await;
    let mut killed = shared.process(&provider, 1);
    provider.is_asked(1).await;
    let mut waiting = shared.process(&provider, 10);
    assert_eq!(waiting.says(), "ready");

    killed.process.kill().unwrap();
    killed.process.wait().unwrap();
    // The answer to the first goes nowhere.
    provider.is_asked(2).await;
    provider.let_through(10);

    assert_eq!(waiting.says_at_last(), ["a2"]);
    assert_eq!(provider.shown(), ["r1", "r1"]);
    assert_eq!(shared.refresh_token().await, "r2");
}

#[derive(Clone, Copy, Debug)]
enum Place {
    File,
    Table,
}

/// Where tokens are kept.
struct Shared {
    place: Place,
    folder: TempDir,
}

impl Shared {
    /// Whose access token has ended.
    async fn ended(place: Place) -> Self {
        let shared = Self { place, folder: tempfile::tempdir().unwrap() };
        let mut lease = shared.store().await.lease().await.unwrap();
        assert_eq!(lease.save(&ended_tokens()).await.unwrap(), Saved::Durably);
        lease.release().await;
        shared
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    async fn store(&self) -> Arc<dyn TokenStore> {
        match self.place {
            Place::File => Arc::new(TokenFile::new(self.path())),
            Place::Table => Arc::new(TokenTable::open(&self.path()).await),
        }
    }

    async fn refresh_token(&self) -> String {
        let kept = self.store().await.load().await.unwrap().unwrap();
        kept.refresh_token.unwrap().expose().to_owned()
    }

    fn process(&self, provider: &Provider, callers: usize) -> Holder {
        let mut process = Command::new(env!("CARGO_BIN_EXE_token_holder"))
            .arg(match self.place {
                Place::File => "--file",
                Place::Table => "--table",
            })
            .arg(self.path())
            .args(["--token-endpoint", &provider.endpoint, "--callers", &callers.to_string()])
            // Whoever can set these is not asked: a proxy is a setting of the program.
            .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, NOBODY)))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(process.stdout.take().unwrap()).lines();
        Holder { process, out }
    }
}

struct Holder {
    process: Child,
    out: Lines<BufReader<ChildStdout>>,
}

impl Holder {
    fn says(&mut self) -> String {
        self.out.next().unwrap().unwrap()
    }

    fn says_at_last(&mut self) -> Vec<String> {
        let said = self.out.by_ref().map(Result::unwrap).collect();
        assert!(self.process.wait().unwrap().success());
        said
    }
}

/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:1";

impl Drop for Holder {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
