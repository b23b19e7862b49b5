use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use grantway_core::jws::TokenType;
use grantway_jose::signing_key::SigningKey;
use http::{Request, StatusCode};
use serde_json::json;
use tokio::sync::watch;

use super::event::{Access, Answered, Asked, Assertion, Token};
use super::provider::ASSERTIVE;
use super::record::Recorder;
use super::reply;
use crate::{Answer, ISSUER, tcp};

/// What clients share.
#[derive(Debug)]
pub(super) struct Arena {
    pub(super) recorder: Recorder,
    /// Where each node listens, while it does.
    pub(super) doors: Vec<watch::Receiver<Option<SocketAddr>>>,
    /// Is the database down just now?
    pub(super) down: watch::Sender<bool>,
    /// How many steps are done.
    pub(super) done: watch::Sender<usize>,
    /// By which assertions are signed.
    pub(super) key: SigningKey,
}

/// What was answered, in words that open something.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) token: (Token, String),
    pub(super) access: (Access, String),
}

impl Arena {
    /// Waits for the node if it is just being started again: a refused connection teaches nothing.
    pub(super) async fn address(&self, node: usize) -> SocketAddr {
        let mut door = self.doors[node].clone();
        let open = door.wait_for(Option::is_some).await.expect("the nemesis outlives the clients");
        open.expect("that is what it waited for")
    }

    /// Asks, and writes down what was asked and answered.
    pub(super) async fn ask(
        &self,
        node: usize,
        asked: Asked,
        request: &Request<Vec<u8>>,
    ) -> (Answered, Option<Given>) {
        let address = self.address(node).await;
        let begun = self.recorder.begin(node, asked);
        let reply = tokio::time::timeout(PATIENCE, tcp::exchange(address, request)).await;
        let reply = reply.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let (answered, given) = match &reply {
            Ok(answer) if answer.status == StatusCode::OK => self.done(asked, answer),
            Ok(answer) => (reply::refusal(answer), None),
            // Nobody was there to hear it.
            Err(fault) if fault.kind() == io::ErrorKind::ConnectionRefused => {
                return (Answered::Silence, None);
            }
            Err(_) => (Answered::Silence, None),
        };
        self.recorder.end(&begun, answered.clone());
        if answered == Answered::Silence {
            // Whoever was hit by a crash waits for its end: asking on would teach nothing.
            self.database_is_up().await;
        }
        (answered, given)
    }

    /// Waits until it is.
    pub(super) async fn database_is_up(&self) {
        let mut down = self.down.subscribe();
        down.wait_for(|down| !down).await.expect("the arena outlives its clients");
    }

    fn done(&self, asked: Asked, answer: &Answer) -> (Answered, Option<Given>) {
        if !matches!(asked, Asked::Redeem(_) | Asked::Refresh(..)) {
            return (Answered::Done, None);
        }
        let (token, access) = (answer.member("refresh_token"), answer.member("access_token"));
        if token.is_empty() || access.is_empty() {
            return (Answered::Nonsense(answer.text()), None);
        }
        let names = (self.recorder.token(&token), self.recorder.access(&access));
        let given = Given { token: (names.0, token), access: (names.1, access) };
        (Answered::Tokens(names.0, names.1), Some(given))
    }

    /// An assertion that nobody has seen yet.
    pub(super) fn assertion(&self, Assertion(name): Assertion, expires_at: i64) -> String {
        let claims = json!({
            "iss": ASSERTIVE, "sub": ASSERTIVE, "aud": ISSUER, "jti": name.to_string(), "exp": expires_at,
        });
        let signed = self.key.sign(TokenType::Jwt, claims.to_string().as_bytes());
        signed.expect("the key signs").expose().to_owned()
    }
}

/// Longer than any node takes to give up.
const PATIENCE: Duration = Duration::from_mins(1);
