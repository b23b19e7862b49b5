//! An identity provider whose grants lie in a store of its own: see `journal.rs`.
//!
//! ```text
//! cargo run --package grantway-tests --example own_store -- DIRECTORY [ISSUER]
//! ```
//!
//! Grants are what must survive a restart: codes, refresh tokens, and what was revoked. Accounts and
//! applications are made at each start here and lie in the memory store, as sign-ins do; a store that keeps
//! everything implements `grantway_store::traits::Backend`, trait by trait, and is put in its place.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks plainly")]

mod journal;

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use grantway_core::account::Account;
use grantway_core::audit::{Audit, Event};
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::CsrfKey;
use grantway_core::ids::InstanceId;
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{Clock, Entropy, Sealer, SystemClock};
use grantway_core::secret::Secret;
use grantway_core::token::GrantType;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{Login, LoginParts, password};
use grantway_server::ServerParts;
use grantway_store::ledger::{Grants, GrantsParts, Ledgers, NewAccount, SigningKeys};
use grantway_store::memory::MemoryStore;
use serde_json::Map;
use tokio::net::TcpListener;

use crate::journal::Journal;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().ok_or("usage: own_store DIRECTORY [ISSUER]")?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = provider(&directory, &arguments.next().unwrap_or_else(|| address.clone())).await?;
    println!("listening on {address}");
    Ok(axum::serve(listener, router).await?)
}

async fn provider(directory: &Path, issuer: &str) -> Result<Router, Box<dyn Error>> {
    let instance: InstanceId = "ins_example".parse()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
    // Kept beside the grants: what was sealed for the grace window is opened by no other key.
    let root = root_key(&directory.join("root.key"), &*entropy)?;
    let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.clone().into(), Arc::clone(&entropy)));
    let csrf = CsrfKey::new(root.derive("forms"));
    let audit: Arc<dyn Audit> = Arc::new(Printed);

    // The one thing that differs.
    let journal = Arc::new(Journal::open(&directory.join("grants.jsonl"), clock.now())?);
    let grants = Grants::new(GrantsParts {
        store: Arc::clone(&journal),
        instance: instance.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        sealer: Arc::clone(&sealer),
        grace: Duration::from_secs(30),
    });

    let memory = Arc::new(MemoryStore::default());
    let keyring = Keyring::open(KeyringParts {
        instance: instance.clone(),
        ledger: Arc::new(SigningKeys::new(Arc::clone(&memory), instance.clone())),
        sealer: Arc::clone(&sealer),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        rotation: Rotation::USUAL,
    });
    let ledgers = Ledgers::new(GrantsParts {
        store: memory,
        instance: instance.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        sealer: Arc::clone(&sealer),
        grace: Duration::ZERO,
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
        Arc::new(grants),
        ledgers.consents,
        ledgers.replays,
        ledgers.accounts,
        login.clone(),
        journal,
        audit,
        csrf,
    ));
    Ok(server.merge(login.router()))
}

fn root_key(path: &Path, entropy: &dyn Entropy) -> Result<RootKey, Box<dyn Error>> {
    if !path.exists() {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(RootKey::generate(entropy).to_base64url().expose().as_bytes())?;
        file.sync_all()?;
    }
    Ok(RootKey::from_base64url(&fs::read_to_string(path)?)?)
}

fn application() -> Result<Client, Box<dyn Error>> {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("confidential".parse()?, "An application", authentication);
    client.redirect_uris = vec!["https://app.test/cb".parse()?];
    client.scope = supported_scopes();
    client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    Ok(client)
}

/// The same person at each start: grants name her by the subject.
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
