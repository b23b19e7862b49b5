//! An identity provider in front of people that an application knows already: its accounts, its sign-in and its
//! cookie, and none of ours.
//!
//! ```text
//! cargo run --package grantway-tests --example own_login_gate -- [ISSUER]
//! ```
//!
//! [`People`] is what you write yourself: who sits at the browser (`LoginGate`) and what is known of him
//! (`AccountDirectory`). Here people sign in by a link that is sent to them by mail, which this program prints
//! instead. The crate `grantway-login` takes no part.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks plainly")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use grantway_core::account::Account;
use grantway_core::audit::{Audit, Event};
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::{CookieStyle, CsrfKey, Form, escape, is_same_origin};
use grantway_core::ids::{InstanceId, SessionId, Subject};
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{
    AccountDirectory, Clock, Entropy, Identity, LoginGate, Sealer, SeamError, SystemClock, Visit,
};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::time::Timestamp;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers, SigningKeys};
use grantway_store::memory::MemoryStore;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Map;
use tokio::net::TcpListener;

/// The application's people, and the browsers at which they sit.
#[derive(Debug)]
struct People {
    issuer: String,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    by_mail: BTreeMap<String, Arc<Account>>,
    /// By the digest of the cookie: whoever reads this memory cannot sit down at a browser.
    browsers: Mutex<BTreeMap<[u8; 32], Browser>>,
}

#[derive(Debug)]
enum Browser {
    /// A link was sent. It is good in this browser alone, so that nobody is signed in by the link of another.
    Awaiting {
        ticket: Secret,
        who: Arc<Account>,
        return_to: String,
        until: Timestamp,
    },
    SignedIn(Session),
}

/// The provider asks this wherever a browser comes.
#[async_trait]
impl LoginGate for People {
    async fn identify(&self, visit: Visit<'_>) -> Result<Identity, SeamError> {
        let Visit { headers, return_to, authenticated_since, chosen_since, login_hint, .. } = visit;
        // There is no page here to choose an account on, so signing in anew is the choice.
        let authenticated_since = authenticated_since.max(chosen_since);
        let session = self.session(headers).filter(|session| {
            // `prompt=login` and `max_age`: an older sign-in will not do.
            authenticated_since.is_none_or(|since| session.auth_time >= since)
        });
        if let Some(session) = session {
            return Ok(Identity::Known(session));
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("return_to", return_to);
        query.extend_pairs(login_hint.map(|hint| ("mail", hint)));
        Ok(Identity::SignIn(format!("/enter?{}", query.finish())))
    }

    async fn sign_out(&self, headers: &HeaderMap) -> Result<Vec<HeaderValue>, SeamError> {
        let style = CookieStyle::of_issuer(&self.issuer);
        if let Some(cookie) = style.read(headers, COOKIE) {
            self.browsers().remove(&digest(&cookie));
        }
        Ok(style.set(COOKIE, &Secret::new("gone"), Some(Duration::ZERO)).into_iter().collect())
    }
}

/// The provider asks this for the claims of a person, and whether she still may have tokens.
#[async_trait]
impl AccountDirectory for People {
    async fn find(&self, subject: &Subject) -> Result<Option<Arc<Account>>, SeamError> {
        Ok(self.by_mail.values().find(|account| account.subject == *subject).cloned())
    }
}

impl People {
    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let cookie = CookieStyle::of_issuer(&self.issuer).read(headers, COOKIE)?;
        match self.browsers().get(&digest(&cookie))? {
            Browser::SignedIn(session) => Some(session.clone()).filter(|it| it.expires_at > self.clock.now()),
            Browser::Awaiting { .. } => None,
        }
    }

    /// Always under a new cookie: one that somebody planted before is worth nothing afterwards.
    fn seat(&self, browser: Browser) -> Option<HeaderValue> {
        let cookie = Secret::draw(&*self.entropy, "");
        let set = CookieStyle::of_issuer(&self.issuer).set(COOKIE, &cookie, None);
        self.browsers().insert(digest(&cookie), browser);
        set
    }

    fn browsers(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Browser>> {
        self.browsers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(cookie: &Secret) -> [u8; 32] {
    *TokenDigest::of(DigestKind::Session, cookie).as_bytes()
}

/// The application's own sign-in.
fn sign_in(people: Arc<People>) -> Router {
    Router::new().route("/enter", get(ask).post(send)).route("/enter/link", get(follow)).with_state(people)
}

async fn ask(RawQuery(query): RawQuery) -> Html<String> {
    let query = query.unwrap_or_default();
    let (return_to, mail) =
        (escape(&value(query.as_bytes(), "return_to")), escape(&value(query.as_bytes(), "mail")));
    Html(format!(
        "<main><h1>Who are you?</h1><form method=\"post\">\
         <input type=\"hidden\" name=\"return_to\" value=\"{return_to}\">\
         <input type=\"email\" name=\"mail\" value=\"{mail}\"><button>Send me a link</button></form></main>"
    ))
}

async fn send(State(people): State<Arc<People>>, headers: HeaderMap, RawForm(body): RawForm) -> Response {
    if !is_same_origin(&headers, &people.issuer) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (return_to, mail) = (value(&body, "return_to"), value(&body, "mail"));
    let mut set = None;
    if let Some(who) = people.by_mail.get(&mail).cloned() {
        let ticket = Secret::draw(&*people.entropy, "");
        println!("mail to {mail}: {}/enter/link?ticket={}", people.issuer, ticket.expose());
        let until = people.clock.now().plus(TICKET_LIFETIME);
        set = people.seat(Browser::Awaiting { ticket, who, return_to, until });
    }
    // The same whether there is such a person or not. Mail is sent after the answer, or its time would tell.
    let page = Html("<main><h1>Look into your mail</h1></main>");
    (AppendHeaders(set.map(|set| (SET_COOKIE, set))), page).into_response()
}

async fn follow(
    State(people): State<Arc<People>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let now = people.clock.now();
    let cookie = CookieStyle::of_issuer(&people.issuer).read(&headers, COOKIE);
    // Taken out, so that a link is followed once, and a wrong guess ends it.
    let waiting = cookie.and_then(|cookie| people.browsers().remove(&digest(&cookie)));
    let Some(Browser::Awaiting { ticket, who, return_to, until }) = waiting else {
        return (StatusCode::BAD_REQUEST, Html("<h1>Ask for a link in this browser first</h1>"))
            .into_response();
    };
    let shown = value(query.unwrap_or_default().as_bytes(), "ticket");
    if !ticket.matches(&shown) || until <= now {
        return (StatusCode::BAD_REQUEST, Html("<h1>This link is not good any more</h1>")).into_response();
    }
    let set = people.seat(Browser::SignedIn(Session {
        sid: SessionId::draw(&*people.entropy),
        subject: who.subject.clone(),
        auth_time: now,
        acr: "urn:example:mail".into(),
        // RFC 8176 section 2: what was sent is good once.
        amr: vec!["otp".into()],
        expires_at: now.plus(SESSION_LIFETIME),
    }));
    // Back to the provider, and nowhere else: no link from elsewhere sends people astray through us.
    let target = if return_to.starts_with("/oauth/") { return_to.as_str() } else { "/enter" };
    (AppendHeaders(set.map(|set| (SET_COOKIE, set))), Redirect::to(target)).into_response()
}

/// Empty if it is not there, or twice.
fn value(form: &[u8], name: &'static str) -> String {
    let form = Form::parse(form).ok();
    form.and_then(|form| form.one(name).ok().flatten().map(str::to_owned)).unwrap_or_default()
}

const COOKIE: &str = "browser";
const TICKET_LIFETIME: Duration = Duration::from_mins(10);
const SESSION_LIFETIME: Duration = Duration::from_hours(24);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let issuer = std::env::args().nth(1).unwrap_or_else(|| address.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
    let people = Arc::new(People {
        issuer,
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        by_mail: BTreeMap::from([("ada@people.test".to_owned(), Arc::new(ada()?))]),
        browsers: Mutex::default(),
    });
    let router = provider(Arc::clone(&people)).await?.merge(sign_in(people));
    println!("listening on {address}");
    Ok(axum::serve(listener, router).await?)
}

/// Everything else as it comes, in memory.
async fn provider(people: Arc<People>) -> Result<Router, Box<dyn Error>> {
    let instance: InstanceId = "ins_example".parse()?;
    let store = Arc::new(MemoryStore::default());
    let (clock, entropy) = (Arc::clone(&people.clock), Arc::clone(&people.entropy));
    let root = RootKey::generate(&*entropy);
    let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.clone().into(), Arc::clone(&entropy)));
    let keyring = Keyring::open(KeyringParts {
        instance: instance.clone(),
        ledger: Arc::new(SigningKeys::new(Arc::clone(&store), instance.clone())),
        sealer: Arc::clone(&sealer),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        rotation: Rotation::USUAL,
    });
    let ledgers = Ledgers::new(GrantsParts {
        store: Arc::clone(&store),
        instance: instance.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        sealer: Arc::clone(&sealer),
        grace: Duration::from_secs(30),
    });
    ledgers.clients.declare(&application()?, clock.now()).await?;
    Ok(grantway_server::router(ServerParts::new(
        people.issuer.clone(),
        instance,
        clock,
        entropy,
        Arc::new(keyring.await?),
        Arc::new(JwsVerifier::new()),
        sealer,
        ledgers.clients,
        ledgers.grants,
        ledgers.consents,
        ledgers.replays,
        people.clone(),
        people,
        ledgers.health,
        Arc::new(Printed),
        CsrfKey::new(root.derive("forms")),
    )))
}

fn application() -> Result<Client, Box<dyn Error>> {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("confidential".parse()?, "An application", authentication);
    client.redirect_uris = vec!["https://app.test/cb".parse()?];
    client.scope = supported_scopes();
    Ok(client)
}

fn ada() -> Result<Account, Box<dyn Error>> {
    let mail = Some("ada@people.test".to_owned());
    Ok(Account {
        subject: "user_ada".parse()?,
        claims: StandardClaims {
            name: Some("Ada Lovelace".into()),
            email: mail,
            ..StandardClaims::default()
        },
        public_metadata: Map::new(),
        private_metadata: Map::new(),
        unsafe_metadata: Map::new(),
        enabled: true,
    })
}

#[derive(Debug)]
struct Printed;

impl Audit for Printed {
    fn record(&self, event: Event) {
        eprintln!("{event:?}");
    }
}
