//! A provider in process for targets whose parsers are private to their crates: strangers reach them only
//! through it, and so does the fuzzer.

use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use grantway_core::account::Account;
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication, ClientKeys};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::CsrfKey;
use grantway_core::ids::{InstanceId, SessionId};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{Clock, Entropy, Mailer, Message, Sealer, SeamError, Sent, SessionLedger};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::testing::{FixedClock, RecordedAudit, SeededEntropy};
use grantway_core::token::GrantType;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::private_key::PrivateKey;
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{ACR_PASSWORD, AccountPage, Login, LoginParts, Recovery};
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers, NewAccount, SigningKeys};
use grantway_store::memory::MemoryStore;
use tokio::runtime::{Builder, Runtime};

/// The issuer of every provider here.
pub const ISSUER: &str = "https://op.test";

/// Where answers may be sent, by whatever application asks.
pub const REGISTERED: [&str; 4] = [
    "https://app.test/callback",
    "https://app.test/goodbye",
    "http://127.0.0.1/callback",
    "com.app.test:/cb",
];

/// What a future comes to, on this thread.
///
/// # Panics
/// If it is called from within another.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));
    RUNTIME.block_on(future)
}

/// Server and sign-in over a memory of their own: what one input leaves behind is not there for the next,
/// so that every finding is repeated by its input alone.
///
/// Its applications are `web` (secret `sesame`), `native` and `signed` (by a key). Ada is signed in.
#[derive(Debug)]
pub struct Provider {
    /// All its pages and endpoints.
    pub router: Router,
    /// The sign-in, as the server asks it.
    pub login: Arc<Login>,
    /// The value of Ada's session cookie.
    pub session: Secret,
    mail: Arc<Postbox>,
}

/// What was written to people.
#[derive(Debug, Default)]
struct Postbox(Mutex<Vec<Message>>);

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, message: &Message) -> Result<Sent, SeamError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(Sent::Accepted)
    }
}

impl Provider {
    /// The same in every run.
    ///
    /// # Panics
    /// If a part cannot be made, which is a defect of that part.
    #[must_use]
    pub fn new() -> Self {
        now(Self::compose())
    }

    async fn compose() -> Self {
        let instance: InstanceId = "ins_fuzz".parse().expect("a name");
        let clock = Arc::new(FixedClock::default());
        let audit = Arc::new(RecordedAudit::default());
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        let root = RootKey::generate(&SeededEntropy::new(0));
        let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.into(), Arc::clone(&entropy)));
        let csrf = CsrfKey::new([7; 32]);
        let ledgers = Ledgers::new(GrantsParts {
            store: Arc::new(MemoryStore::default()),
            instance: instance.clone(),
            clock: clock.clone(),
            entropy: Arc::clone(&entropy),
            sealer: Arc::clone(&sealer),
            grace: Duration::from_secs(30),
        });
        let mut parts = LoginParts::new(
            ISSUER,
            clock.clone(),
            Arc::clone(&entropy),
            ledgers.accounts.clone(),
            ledgers.throttles,
            ledgers.sessions.clone(),
            ledgers.clients.clone(),
            audit.clone(),
            csrf.clone(),
        );
        parts.account_page = Some(AccountPage {
            sessions: ledgers.sessions.clone(),
            consents: ledgers.consents.clone(),
            grants: ledgers.grants.clone(),
        });
        let mail = Arc::new(Postbox::default());
        let (consents, grants) = (ledgers.consents.clone(), ledgers.grants.clone());
        parts.recovery = Some(Recovery::new(mail.clone(), consents, grants));
        let login = Login::new(parts).expect("the issuer is a web address");
        ledgers.accounts.create(&ada(), clock.now()).await.expect("a memory of its own");
        for client in &*APPLICATIONS {
            ledgers.clients.declare(client, clock.now()).await.expect("a memory of its own");
        }
        let session = ledgers.sessions.begin(&signed_in(&*clock)).await.expect("a memory of its own");
        let router = grantway_server::router(ServerParts::new(
            ISSUER,
            instance,
            clock,
            entropy,
            keyring().await,
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
        ))
        .merge(login.router());
        Self { router, login, session, mail }
    }

    /// The link in the last message, once none is under way.
    ///
    /// # Panics
    /// If it is called from within a future.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        now(self.login.finish());
        let message = self.mail.0.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        message.text.expose().lines().find(|line| line.contains("token=")).map(str::to_owned)
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self::new()
    }
}

/// One for all providers: making an RSA key takes longer than a thousand inputs.
async fn keyring() -> Arc<Keyring> {
    static KEYRING: tokio::sync::OnceCell<Arc<Keyring>> = tokio::sync::OnceCell::const_new();
    let make = || async {
        let instance: InstanceId = "ins_fuzz".parse().expect("a name");
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(0));
        let root = RootKey::generate(&*entropy);
        let parts = KeyringParts {
            instance: instance.clone(),
            ledger: Arc::new(SigningKeys::new(Arc::new(MemoryStore::default()), instance)),
            sealer: Arc::new(RootSealer::new(&root.into(), Arc::clone(&entropy))),
            clock: Arc::new(FixedClock::default()),
            entropy,
            rotation: Rotation::USUAL,
        };
        Arc::new(Keyring::open(parts).await.expect("a keyring on an empty memory"))
    };
    Arc::clone(KEYRING.get_or_init(make).await)
}

fn ada() -> NewAccount {
    NewAccount {
        account: Account {
            subject: "user_ada".parse().expect("a name"),
            claims: StandardClaims {
                name: Some("Ada Lovelace".into()),
                email: Some("ada@people.test".into()),
                ..StandardClaims::default()
            },
            public_metadata: serde_json::Map::new(),
            private_metadata: serde_json::Map::new(),
            unsafe_metadata: serde_json::Map::new(),
            enabled: true,
        },
        username: "ada".into(),
        password_hash: None,
    }
}

fn signed_in(clock: &dyn Clock) -> Session {
    Session {
        sid: SessionId::draw(&SeededEntropy::new(2)),
        subject: "user_ada".parse().expect("a name"),
        auth_time: clock.now(),
        acr: ACR_PASSWORD.to_owned(),
        amr: vec!["pwd".to_owned()],
        expires_at: clock.now().plus(Duration::from_hours(1)),
    }
}

static APPLICATIONS: LazyLock<[Client; 3]> = LazyLock::new(|| {
    let key = PrivateKey::generate(KeyKind::Ed25519, &SeededEntropy::new(8)).expect("a seed");
    let secret = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    [
        application("web", ClientAuthentication::ClientSecret { digests: vec![secret] }),
        application("native", ClientAuthentication::None),
        application(
            "signed",
            ClientAuthentication::PrivateKeyJwt {
                keys: ClientKeys::Jwks(JwkSet { keys: vec![key.public().to_jwk()] }),
                algorithms: JwsAlgorithm::ASYMMETRIC.to_vec(),
            },
        ),
    ]
});

fn application(client_id: &str, authentication: ClientAuthentication) -> Client {
    let mut client = Client::new(client_id.parse().expect("a name"), client_id.to_owned(), authentication);
    client.redirect_uris = REGISTERED.map(|uri| uri.parse().expect("a redirect URI")).to_vec();
    client.post_logout_redirect_uris.clone_from(&client.redirect_uris);
    client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    if !client.is_public() {
        client.grant_types.push(GrantType::ClientCredentials);
    }
    client.scope = supported_scopes();
    client.default_scope = "openid profile email".parse().expect("scopes");
    // Answered at once, so that the fuzzer gets as far as a code.
    client.consent_required = false;
    client.pkce_required = false;
    client
}
