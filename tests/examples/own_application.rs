//! An axum application of one's own that is an identity provider besides: its routes and the provider's stand
//! in one router, and whoever has signed in for one is known to the other.
//!
//! ```text
//! cargo run --package grantway-tests --example own_application -- [ISSUER]
//! ```
//!
//! [`notes`] and [`Application`] are the application. [`provider`] is composition, with every part taken as it
//! comes and everything in memory; give it another store to keep something.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks plainly")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawForm, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use grantway_core::account::Account;
use grantway_core::audit::{Audit, Event};
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::{CsrfKey, Form, escape, is_same_origin};
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{Clock, Entropy, Identity, LoginGate, Sealer, SystemClock, Visit};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{Login, LoginParts, password};
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers, NewAccount, SigningKeys};
use grantway_store::memory::MemoryStore;
use http::{HeaderMap, StatusCode};
use serde_json::Map;
use tokio::net::TcpListener;

/// Notes that people keep, each for himself.
struct Application {
    issuer: String,
    /// Knows who sits at a browser; the same value that the provider asks.
    login: Arc<dyn LoginGate>,
    notes: Mutex<BTreeMap<Subject, Vec<String>>>,
}

/// The application's own routes.
fn notes(application: Application) -> Router {
    Router::new()
        .route("/", get(|| async { Html("<h1>Notes</h1><p><a href=\"/notes\">Your notes</a></p>") }))
        .route("/notes", get(show).post(add))
        .with_state(Arc::new(application))
}

async fn show(State(application): State<Arc<Application>>, headers: HeaderMap) -> Response {
    let session = match application.visitor(&headers).await {
        Ok(session) => session,
        Err(elsewhere) => return elsewhere,
    };
    let notes = application.notes.lock().unwrap_or_else(PoisonError::into_inner);
    let own = notes.get(&session.subject).map(Vec::as_slice).unwrap_or_default();
    // What people typed is text, and never markup.
    let items: Vec<_> = own.iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
    let form = "<form method=\"post\"><input name=\"note\"><button>Add</button></form>";
    Html(format!("<h1>Your notes</h1><ul>{}</ul>{form}", items.concat())).into_response()
}

async fn add(
    State(application): State<Arc<Application>>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Response {
    // The sign-in's cookie is `SameSite=Lax`, and this makes sure of browsers that do not know that.
    if !is_same_origin(&headers, &application.issuer) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Ok(Some(note)) = Form::parse(&body).and_then(|form| Ok(form.one("note")?.map(str::to_owned))) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match application.visitor(&headers).await {
        Ok(session) => {
            let mut notes = application.notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.entry(session.subject).or_default().push(note);
            Redirect::to("/notes").into_response()
        }
        Err(elsewhere) => elsewhere,
    }
}

impl Application {
    /// Who it is, or the way to the sign-in and from there back to the notes.
    async fn visitor(&self, headers: &HeaderMap) -> Result<Session, Response> {
        match self.login.identify(Visit::new(headers, "/notes")).await {
            Ok(Identity::Known(session)) => Ok(session),
            Ok(Identity::SignIn(path)) => Err(Redirect::to(&path).into_response()),
            Err(fault) => {
                eprintln!("{fault}");
                Err(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let issuer = std::env::args().nth(1).unwrap_or_else(|| address.clone());
    let (provider, login) = provider(&issuer).await?;
    let application = Application { issuer, login, notes: Mutex::default() };
    // The provider's paths are /oauth, /v1/me, /.well-known, /sign-in, /sign-out, /signed-in, /healthz, /readyz.
    let router = notes(application).merge(provider);
    println!("listening on {address}");
    Ok(axum::serve(listener, router).await?)
}

/// All of the provider, and who knows the people at its browsers.
async fn provider(issuer: &str) -> Result<(Router, Arc<Login>), Box<dyn Error>> {
    let instance: InstanceId = "ins_example".parse()?;
    let (store, clock): (_, Arc<dyn Clock>) = (Arc::new(MemoryStore::default()), Arc::new(SystemClock));
    let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
    let root = RootKey::generate(&*entropy);
    let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.clone().into(), Arc::clone(&entropy)));
    let csrf = CsrfKey::new(root.derive("forms"));
    let audit: Arc<dyn Audit> = Arc::new(Printed);
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
    ledgers.accounts.create(&ada(&*entropy).await?, clock.now()).await?;
    let login = Login::new(LoginParts::new(
        issuer,
        Arc::clone(&clock),
        Arc::clone(&entropy),
        ledgers.accounts.clone(),
        ledgers.throttles,
        ledgers.sessions,
        ledgers.clients.clone(),
        Arc::clone(&audit),
        csrf.clone(),
    ))?;
    let server = grantway_server::router(ServerParts::new(
        issuer,
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
        ledgers.accounts,
        login.clone(),
        ledgers.health,
        audit,
        csrf,
    ));
    Ok((server.merge(login.router()), login))
}

fn application() -> Result<Client, Box<dyn Error>> {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("confidential".parse()?, "Somebody else's application", authentication);
    client.redirect_uris = vec!["https://app.test/cb".parse()?];
    client.scope = supported_scopes();
    Ok(client)
}

async fn ada(entropy: &dyn Entropy) -> Result<NewAccount, Box<dyn Error>> {
    let account = Account {
        subject: "user_ada".parse()?,
        claims: StandardClaims { name: Some("Ada Lovelace".into()), ..StandardClaims::default() },
        public_metadata: Map::new(),
        private_metadata: Map::new(),
        unsafe_metadata: Map::new(),
        enabled: true,
    };
    let hash = password::hash(Secret::new("correct horse battery staple"), entropy).await?;
    Ok(NewAccount { account, username: "ada".into(), password_hash: Some(hash) })
}

#[derive(Debug)]
struct Printed;

impl Audit for Printed {
    fn record(&self, event: Event) {
        eprintln!("{event:?}");
    }
}
