//! Several processes with one file of tokens, and a provider that takes each refresh token once.

use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use grantway_client::{TokenFile, TokenStore};
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::token_set::TokenSet;
use http::header::CONTENT_TYPE;
use http::{HeaderName, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use url::form_urlencoded;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_in_four_processes_renew_once() {
    let provider = Provider::start(false).await;
    let shared = Shared::ended().await;

    let mut processes: Vec<_> = (0..4).map(|_| shared.process(&provider, 250)).collect();
    for process in &mut processes {
        assert_eq!(process.says(), "ready");
    }
    provider.is_asked(1).await;
    provider.gate.add_permits(10);

    for process in &mut processes {
        assert_eq!(process.says_at_last(), ["a2"]);
    }
    assert_eq!(provider.shown(), ["r1"]);
    assert_eq!(shared.refresh_token().await, "r2");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_killed_while_it_renews_leaves_the_lease_and_the_grant_to_others() {
    let provider = Provider::start(true).await;
    let shared = Shared::ended().await;
    let mut killed = shared.process(&provider, 1);
    provider.is_asked(1).await;
    let mut waiting = shared.process(&provider, 10);
    assert_eq!(waiting.says(), "ready");

    killed.process.kill().unwrap();
    killed.process.wait().unwrap();
    // The answer to the first goes nowhere.
    provider.is_asked(2).await;
    provider.gate.add_permits(10);

    assert_eq!(waiting.says_at_last(), ["a2"]);
    assert_eq!(provider.shown(), ["r1", "r1"]);
    assert_eq!(shared.refresh_token().await, "r2");
}

/// Answers when it is let, and ends the grant of whoever shows a refresh token twice.
#[derive(Clone)]
struct Provider {
    endpoint: String,
    asked: Arc<watch::Sender<Vec<String>>>,
    gate: Arc<Semaphore>,
    grant: Arc<Mutex<Grant>>,
}

struct Grant {
    live: Option<u32>,
    /// For an answer that was lost: the token before the live one gives the same again.
    grace: bool,
}

impl Provider {
    async fn start(grace: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            endpoint: format!("http://{}/token", listener.local_addr().unwrap()),
            asked: Arc::new(watch::Sender::default()),
            gate: Arc::new(Semaphore::new(0)),
            grant: Arc::new(Mutex::new(Grant { live: Some(1), grace })),
        };
        let routes = Router::new().route("/token", post(token)).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    async fn is_asked(&self, times: usize) {
        self.asked.subscribe().wait_for(|asked| asked.len() >= times).await.unwrap();
    }

    fn shown(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

type Reply = (StatusCode, [(HeaderName, &'static str); 1], String);

async fn token(State(provider): State<Provider>, body: Bytes) -> Reply {
    let mut form = form_urlencoded::parse(&body);
    let shown = form.find_map(|(name, value)| (name == "refresh_token").then(|| value.into_owned())).unwrap();
    provider.asked.send_modify(|asked| asked.push(shown.clone()));
    // It goes on with that even if whoever asked is gone, as a program with a database would.
    let answer = tokio::spawn(async move {
        provider.gate.acquire().await.unwrap().forget();
        provider.grant.lock().unwrap().refresh(&shown)
    });
    let (status, reply) = answer.await.unwrap();
    (status, [(CONTENT_TYPE, "application/json")], reply.to_string())
}

impl Grant {
    fn refresh(&mut self, shown: &str) -> (StatusCode, Value) {
        let shown = shown.strip_prefix('r').and_then(|shown| shown.parse().ok());
        let lost = self.grace && shown.is_some() && shown.map(|shown: u32| shown + 1) == self.live;
        self.live = match self.live {
            Some(live) if shown == Some(live) => Some(live + 1),
            live if lost => live,
            _ => None,
        };
        let Some(live) = self.live else {
            return (StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }));
        };
        let (access_token, refresh_token) = (format!("a{live}"), format!("r{live}"));
        let reply = json!({
            "access_token": access_token, "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": refresh_token,
        });
        (StatusCode::OK, reply)
    }
}

/// A file of tokens.
struct Shared {
    folder: TempDir,
}

impl Shared {
    /// Whose access token has ended.
    async fn ended() -> Self {
        let shared = Self { folder: tempfile::tempdir().unwrap() };
        let now = SystemClock.now().unix();
        let tokens: TokenSet = serde_json::from_value(json!({
            "access_token": "a1", "token_type": "Bearer", "issued_at": now - 3600, "expires_at": now - 1,
            "refresh_token": "r1",
        }))
        .unwrap();
        shared.file().lease().await.unwrap().save(&tokens).await.unwrap();
        shared
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("tokens.json")
    }

    fn file(&self) -> TokenFile {
        TokenFile::new(self.path())
    }

    async fn refresh_token(&self) -> String {
        self.file().load().await.unwrap().unwrap().refresh_token.unwrap().expose().to_owned()
    }

    fn process(&self, provider: &Provider, callers: usize) -> Holder {
        let mut process = Command::new(env!("CARGO_BIN_EXE_token_holder"))
            .arg("--file")
            .arg(self.path())
            .args(["--token-endpoint", &provider.endpoint, "--callers", &callers.to_string()])
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

impl Drop for Holder {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
