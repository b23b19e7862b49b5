//! An identity provider whose signing keys live in another process: see `key_service.rs`, or your KMS.
//!
//! ```text
//! cargo run --package grantway-tests --example remote_signer -- DIRECTORY
//! curl --user app:sesame --data grant_type=client_credentials http://ADDRESS/oauth/token
//! ```
//!
//! [`RemoteSigner`] is what you write yourself. The rest is composition, with everything but the signer
//! taken as it comes.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks plainly")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use grantway_core::audit::{Audit, Event};
use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::CsrfKey;
use grantway_core::ids::InstanceId;
use grantway_core::jwk::JwkSet;
use grantway_core::seam::{Clock, Entropy, Readiness, Sealer, SeamError, Signer, SystemClock, ToSign};
use grantway_core::secret::Secret;
use grantway_core::token::GrantType;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{Login, LoginParts};
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers};
use grantway_store::memory::MemoryStore;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixStream};
use tokio::time::timeout;

/// Signs by asking whoever has the keys.
#[derive(Debug)]
struct RemoteSigner {
    socket: PathBuf,
    published: RwLock<Arc<JwkSet>>,
}

impl RemoteSigner {
    async fn connect(socket: PathBuf) -> Result<Self, SeamError> {
        let signer = Self { socket, published: RwLock::default() };
        signer.refresh().await?;
        Ok(signer)
    }

    /// Reads the public keys again. Call it at least once a minute: a new key is published ten minutes
    /// before it signs, and whoever reads ours may keep it for five.
    async fn refresh(&self) -> Result<(), SeamError> {
        let answer = self.ask(json!("published")).await?;
        let set: JwkSet = serde_json::from_value(answer["published"].clone())
            .map_err(|fault| SeamError::broken(PART, fault))?;
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        // The same set stays the same value, by which others know that they have written it out.
        if **published != set {
            *published = Arc::new(set);
        }
        Ok(())
    }

    async fn ask(&self, question: Value) -> Result<Value, SeamError> {
        let asking = async {
            let mut connection = UnixStream::connect(&self.socket).await?;
            connection.write_all(format!("{question}\n").as_bytes()).await?;
            let mut line = String::new();
            BufReader::new(connection).read_line(&mut line).await?;
            Ok::<_, std::io::Error>(line)
        };
        // Slow is as good as gone: whoever waits for a token gives up sooner than a key service does.
        let line = timeout(PATIENCE, asking).await.map_err(|fault| SeamError::unavailable(PART, fault))?;
        let line = line.map_err(|fault| SeamError::unavailable(PART, fault))?;
        serde_json::from_str(&line).map_err(|fault| SeamError::unavailable(PART, fault))
    }
}

#[async_trait]
impl Signer for RemoteSigner {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let ToSign { algorithm, typ, claims } = what;
        let claims: Value = serde_json::from_slice(claims).map_err(|fault| SeamError::broken(PART, fault))?;
        let question = json!({"sign": {"alg": algorithm, "typ": typ, "claims": claims}});
        let answer = self.ask(question).await?;
        let signed = answer["signed"].as_str();
        signed.map(Secret::new).ok_or_else(|| SeamError::broken(PART, "it answered without a signature"))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Ok(Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Without signatures there are no tokens.
#[async_trait]
impl Readiness for RemoteSigner {
    async fn ready(&self) -> Result<(), SeamError> {
        self.refresh().await
    }
}

const PART: &str = "key service";
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: remote_signer DIRECTORY")?);
    let signer = Arc::new(RemoteSigner::connect(directory.join("keys.sock")).await?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let router = provider(&issuer, Arc::clone(&signer)).await?;
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(30)).await;
            if let Err(fault) = signer.refresh().await {
                eprintln!("{fault}");
            }
        }
    });
    println!("listening on {issuer}");
    Ok(axum::serve(listener, router).await?)
}

async fn provider(issuer: &str, signer: Arc<RemoteSigner>) -> Result<Router, Box<dyn Error>> {
    let instance: InstanceId = "ins_example".parse()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
    let root = RootKey::generate(&*entropy);
    let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.clone().into(), Arc::clone(&entropy)));
    let csrf = CsrfKey::new(root.derive("forms"));
    let audit: Arc<dyn Audit> = Arc::new(Printed);
    let ledgers = Ledgers::new(GrantsParts {
        store: Arc::new(MemoryStore::default()),
        instance: instance.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        sealer: Arc::clone(&sealer),
        grace: Duration::from_secs(30),
    });
    ledgers.clients.declare(&application()?, clock.now()).await?;
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
        signer.clone(),
        Arc::new(JwsVerifier::new()),
        sealer,
        ledgers.clients,
        ledgers.grants,
        ledgers.consents,
        ledgers.replays,
        ledgers.accounts,
        login.clone(),
        signer,
        audit,
        csrf,
    ));
    Ok(server.merge(login.router()))
}

fn application() -> Result<Client, Box<dyn Error>> {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("app".parse()?, "An application", authentication);
    client.grant_types = vec![GrantType::ClientCredentials];
    Ok(client)
}

#[derive(Debug)]
struct Printed;

impl Audit for Printed {
    fn record(&self, event: Event) {
        eprintln!("{event:?}");
    }
}
