//! A provider that takes each refresh token once.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::token_set::TokenSet;
use http::header::CONTENT_TYPE;
use http::{HeaderName, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use url::form_urlencoded;

/// Answers when it is let, and ends the grant of whoever shows a refresh token twice.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) endpoint: String,
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
    pub(crate) async fn start(grace: bool) -> Self {
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

    pub(crate) async fn is_asked(&self, times: usize) {
        self.asked.subscribe().wait_for(|asked| asked.len() >= times).await.unwrap();
    }

    pub(crate) fn let_through(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    /// The refresh tokens it was shown.
    pub(crate) fn shown(&self) -> Vec<String> {
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

/// The first that it gave, a while ago.
pub(crate) fn ended_tokens() -> TokenSet {
    let now = SystemClock.now().unix();
    let tokens = json!({
        "access_token": "a1", "token_type": "Bearer", "issued_at": now - 3600, "expires_at": now - 1,
        "refresh_token": "r1",
    });
    serde_json::from_value(tokens).unwrap()
}
