//! A provider on a socket of this machine, a clock that stands still, and callers.

mod refreshing;
mod shown;
mod stored;
mod waiting;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::seam::{Clock, SeamError, Verification, VerificationRules, Verifier};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_core::token_set::TokenSet;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use url::form_urlencoded;

use super::flight::landed;
use crate::{
    AddressRules, Client, ClientParts, Provider, Registration, TokenSource, Transport, TransportSettings,
};

/// What a provider answers to the form of a request.
pub(crate) type Behaviour = Box<dyn FnMut(&Form) -> Answer + Send>;
/// The `Authorization` header is in it as if it were a member.
pub(crate) type Form = Vec<(String, String)>;

/// What goes over the wire, and then it hangs up.
pub(crate) struct Answer(String);

impl Answer {
    /// A status, and what comes after it: more headers, and a body.
    pub(crate) fn raw(status: u16, rest: &str) -> Self {
        Self(format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{rest}"))
    }

    fn json(status: u16, reply: &serde_json::Value) -> Self {
        let body = reply.to_string();
        let length = body.len();
        Self::raw(
            status,
            &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"),
        )
    }
}

/// A provider that answers as it is told to, when it is let.
pub(crate) struct FakeProvider {
    pub(crate) address: String,
    pub(crate) clock: Arc<FixedClock>,
    behaviour: Arc<Mutex<Behaviour>>,
    asked: watch::Receiver<Vec<Form>>,
    gate: Arc<Semaphore>,
}

impl FakeProvider {
    /// It answers at once.
    pub(crate) async fn new(behaviour: impl FnMut(&Form) -> Answer + Send + 'static) -> Self {
        let provider = Self::held_back(behaviour).await;
        provider.gate.add_permits(Semaphore::MAX_PERMITS / 2);
        provider
    }

    /// It answers as often as it is let.
    pub(crate) async fn held_back(behaviour: impl FnMut(&Form) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let behaviour: Arc<Mutex<Behaviour>> = Arc::new(Mutex::new(Box::new(behaviour)));
        let (tell, asked) = watch::channel(Vec::new());
        let gate = Arc::new(Semaphore::new(0));
        let (own, open, tell) = (Arc::clone(&behaviour), Arc::clone(&gate), Arc::new(tell));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(exchange(connection, Arc::clone(&tell), Arc::clone(&open), Arc::clone(&own)));
            }
        });
        Self { address, clock: Arc::default(), behaviour, asked, gate }
    }

    pub(crate) fn client(&self) -> Client {
        let settings = TransportSettings {
            addresses: AddressRules { loopback: true, ..AddressRules::default() },
            ..TransportSettings::default()
        };
        let transport = Transport::new(&settings).unwrap();
        let mut parts = ClientParts::new(transport, NobodyIsBelieved, SeededEntropy::new(7));
        parts.clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let provider = Provider::plain("https://nobody.test/authorize", format!("{}/token", self.address));
        Client::new(parts, provider, Registration::public("app".parse().unwrap()))
    }

    /// From now on.
    pub(crate) fn behave(&self, behaviour: impl FnMut(&Form) -> Answer + Send + 'static) {
        *self.behaviour.lock().unwrap() = Box::new(behaviour);
    }

    pub(crate) fn let_through(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    /// Everything that it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Form> {
        self.asked.borrow().clone()
    }

    /// Waits until it has been asked so often.
    pub(crate) async fn is_asked(&self, times: usize) {
        self.asked.clone().wait_for(|asked| asked.len() >= times).await.unwrap();
    }

    /// The refresh tokens it was shown.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.asked().iter().map(|form| member(form, "refresh_token").to_owned()).collect()
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Tokens that live an hour, given now.
    pub(crate) fn tokens(&self, access_token: &str, refresh_token: Option<&str>) -> TokenSet {
        let now = self.clock.now();
        TokenSet {
            access_token: Secret::new(access_token),
            token_type: "Bearer".to_owned(),
            issued_at: now,
            expires_at: Some(now.plus(HOUR)),
            refresh_token: refresh_token.map(Secret::new),
            scope: None,
            id_token: None,
            extra: serde_json::Map::new(),
        }
    }

    pub(crate) fn source(&self) -> TokenSource {
        TokenSource::of(self.client(), self.tokens("a1", Some("r1")))
    }
}

async fn exchange(
    connection: TcpStream,
    tell: Arc<watch::Sender<Vec<Form>>>,
    gate: Arc<Semaphore>,
    behaviour: Arc<Mutex<Behaviour>>,
) {
    let mut connection = BufReader::new(connection);
    let (mut length, mut line, mut form) = (0, String::new(), Form::new());
    while connection.read_line(&mut line).await.is_ok_and(|read| read > 2) {
        if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
        if let Some((name, said)) = line.split_once(':')
            && name.eq_ignore_ascii_case("authorization")
        {
            form.push(("authorization".to_owned(), said.trim().to_owned()));
        }
        line.clear();
    }
    let mut body = vec![0; length];
    if connection.read_exact(&mut body).await.is_err() {
        return;
    }
    form.extend(form_urlencoded::parse(&body).into_owned());
    tell.send_modify(|asked| asked.push(form.clone()));
    gate.acquire().await.unwrap().forget();
    let Answer(answer) = (behaviour.lock().unwrap())(&form);
    // Whoever asked may be gone.
    let _ = connection.write_all(answer.as_bytes()).await;
}

/// A provider that takes each refresh token once, and ends the grant of whoever shows one twice.
pub(crate) fn rotating() -> impl FnMut(&Form) -> Answer + Send + 'static {
    let (mut live, mut n) = (Some("r1".to_owned()), 1);
    move |form| {
        if live.as_deref() != Some(member(form, "refresh_token")) {
            live = None;
            return refusal(400, "invalid_grant");
        }
        n += 1;
        live = Some(format!("r{n}"));
        granted(&json!({
            "access_token": format!("a{n}"), "expires_in": 3600, "refresh_token": live,
        }))
    }
}

pub(crate) fn granted(reply: &serde_json::Value) -> Answer {
    Answer::json(200, reply)
}

pub(crate) fn refusal(status: u16, error: &str) -> Answer {
    Answer::json(status, &json!({ "error": error }))
}

pub(crate) fn hangs_up() -> Answer {
    Answer(String::new())
}

/// The source gives this access token.
pub(crate) async fn shows(source: &TokenSource, access_token: &str) {
    assert_eq!(source.fresh().await.unwrap().access_token.expose(), access_token);
}

/// Waits until no renewal is under way.
pub(crate) async fn settled(source: &TokenSource) {
    if let Some(flight) = source.keeper.under_way() {
        let _ = landed(flight).await;
    }
}

pub(crate) fn member<'a>(form: &'a Form, name: &str) -> &'a str {
    form.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
}

#[derive(Debug)]
struct NobodyIsBelieved;

#[async_trait]
impl Verifier for NobodyIsBelieved {
    async fn verify(&self, _: &str, _: VerificationRules<'_>) -> Result<Verification, SeamError> {
        Err(SeamError::broken("verifier", "there is none"))
    }
}

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
