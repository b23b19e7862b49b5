use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::account::Account;
use grantway_core::claims::{Address, StandardClaims};
use grantway_core::client::{Client, ClientAuthentication, SealedClientSecret};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::CsrfKey;
use grantway_core::ids::InstanceId;
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{
    AccountCredentials, Clock, Entropy, Mailer, Message, PasswordChange, Replaced, Sealer, SeamError, Sent,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, RecordedAudit, SeededEntropy};
use grantway_core::token::GrantType;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{AccountPage, Login, LoginParts, Recovery};
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers, NewAccount, SigningKeys};
use grantway_store::memory::MemoryStore;
use grantway_store::traits::Backend;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::front::{Front, PASSWORD, goodbye_of, redirect_of};
use crate::interrupted::{InterruptedConsents, InterruptedGrants, Meanwhile};

/// The issuer of every world.
pub const ISSUER: &str = "http://127.0.0.1:8080";

/// A provider in process with one person and three applications: `confidential` (secret `sesame`),
/// `public`, and `other` (secret `other-sesame`).
pub struct World {
    /// Its time.
    pub clock: Arc<FixedClock>,
    /// What it told its operator.
    pub audit: Arc<RecordedAudit>,
    /// Its keys.
    pub keyring: Arc<Keyring>,
    sealer: Arc<dyn Sealer>,
    /// No two hashes of one password are the same.
    salts: SeededEntropy,
    /// What it wrote to people.
    pub mail: Arc<Postbox>,
    front: Front,
    login: Arc<Login>,
    accounts: Arc<dyn AccountCredentials>,
    before_a_code: Arc<Meanwhile>,
    before_an_agreement: Arc<Meanwhile>,
    put_client: Box<dyn Fn(Client) -> futures_box::Done + Send + Sync>,
    let_in: Box<dyn Fn(bool) -> futures_box::Done + Send + Sync>,
}

/// What may differ between worlds.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Its name.
    pub issuer: &'static str,
    /// How long a spent refresh token is answered again.
    pub grace: Duration,
    /// Of the chance.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { issuer: ISSUER, grace: Duration::from_secs(30), seed: 1 }
    }
}

mod futures_box {
    use std::future::Future;
    use std::pin::Pin;

    pub(super) type Done = Pin<Box<dyn Future<Output = ()> + Send>>;
}

impl World {
    /// On a memory store, with the default settings.
    pub async fn new() -> Self {
        Self::of(Settings::default()).await
    }

    /// On a memory store.
    pub async fn of(settings: Settings) -> Self {
        Self::on(Arc::new(MemoryStore::default()), settings).await
    }

    /// On any store.
    ///
    /// # Panics
    /// If a part cannot be made, which is a defect of that part.
    pub async fn on<S: Backend>(store: Arc<S>, settings: Settings) -> Self {
        let instance: InstanceId = "ins_test".parse().expect("a name");
        let clock = Arc::new(FixedClock::default());
        let audit = Arc::new(RecordedAudit::default());
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(settings.seed));
        let root = RootKey::generate(&SeededEntropy::new(0));
        let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.into(), Arc::clone(&entropy)));
        let csrf = CsrfKey::new([7; 32]);
        let keyring = keyring().await;
        let ledgers = Ledgers::new(GrantsParts {
            store,
            instance: instance.clone(),
            clock: clock.clone(),
            entropy: Arc::clone(&entropy),
            sealer: Arc::clone(&sealer),
            grace: settings.grace,
        });
        let mail = Arc::new(Postbox::default());
        let Ledgers { accounts, clients, consents, grants, sessions, .. } = ledgers;
        let mut parts = LoginParts::new(
            settings.issuer,
            clock.clone(),
            Arc::clone(&entropy),
            accounts.clone(),
            ledgers.throttles,
            sessions.clone(),
            clients.clone(),
            audit.clone(),
            csrf.clone(),
        );
        parts.recovery = Some(Recovery::new(mail.clone(), consents.clone(), grants.clone()));
        parts.account_page =
            Some(AccountPage { sessions, consents: consents.clone(), grants: grants.clone() });
        let login = Login::new(parts).expect("the issuer is a web address");
        accounts.create(&person().await, clock.now()).await.expect("a memory of its own");
        for client in applications() {
            clients.declare(&client, clock.now()).await.expect("a memory of its own");
        }
        let [before_a_code, before_an_agreement] = [(); 2].map(|()| Arc::new(Meanwhile::default()));
        let router = grantway_server::router(ServerParts::new(
            settings.issuer,
            instance,
            clock.clone(),
            entropy,
            keyring.clone(),
            Arc::new(JwsVerifier::new()),
            Arc::clone(&sealer),
            clients.clone(),
            Arc::new(InterruptedGrants { ledger: grants, before: Arc::clone(&before_a_code) }),
            Arc::new(InterruptedConsents { ledger: consents, before: Arc::clone(&before_an_agreement) }),
            ledgers.replays,
            accounts.clone(),
            login.clone(),
            ledgers.health,
            audit.clone(),
            csrf,
        ))
        .merge(login.router());
        let now = clock.now();
        let put_client = Box::new(move |client: Client| {
            let clients = clients.clone();
            let done: futures_box::Done = Box::pin(async move {
                clients.declare(&client, now).await.expect("a memory of its own");
            });
            done
        });
        let people = Arc::clone(&accounts);
        let let_in = Box::new(move |enabled| {
            let people = Arc::clone(&people);
            let done: futures_box::Done = Box::pin(async move {
                assert!(people.set_enabled("ada", enabled).await.expect("a memory of its own"));
            });
            done
        });
        let front = Front::of(router);
        let salts = SeededEntropy::new(2);
        Self {
            clock,
            audit,
            keyring,
            sealer,
            salts,
            mail,
            front,
            login,
            accounts,
            before_a_code,
            before_an_agreement,
            put_client,
            let_in,
        }
    }

    /// Registers an application, or changes one.
    pub async fn declare(&self, client: Client) {
        (self.put_client)(client).await;
    }

    /// Lets the person in, or keeps her out.
    pub async fn let_in(&self, enabled: bool) {
        (self.let_in)(enabled).await;
    }

    /// A secret of that application as it rests.
    #[must_use]
    pub fn seal(&self, client_id: &str, secret: &str) -> SealedClientSecret {
        let (instance, client_id) = ("ins_test".parse().expect("a name"), client_id.parse().expect("a name"));
        let place = SealedClientSecret::place(&instance, &client_id);
        SealedClientSecret::seal(&Secret::new(secret), &*self.sealer, place).expect("a working sealer")
    }

    /// The links of the given path in what was written since the last time, once nothing is under way.
    pub async fn links(&self, path: &str) -> Vec<String> {
        self.login.finish().await;
        let start = format!("{path}?token=");
        let is_link = |line: &&str| line.contains(&start);
        let written = self.mail.take().into_iter();
        let texts = written.map(|message| message.text);
        texts.filter_map(|text| text.expose().lines().find(is_link).map(str::to_owned)).collect()
    }

    /// Sets the person's password, as another page would.
    pub async fn change_password(&self, password: &str) {
        let hash = grantway_login::password::hash(Secret::new(password), &self.salts).await;
        let record = self.accounts.password_record("ada").await.expect("a memory of its own").expect("Ada");
        let after = hash.expect("a short password");
        let change = PasswordChange { subject: &record.subject, before: record.hash.as_ref(), after: &after };
        let done = self.accounts.set_password(change).await.expect("a memory of its own");
        assert_eq!(done, Replaced::Done);
    }

    /// Happens once, just before the next code is kept.
    pub fn before_a_code(&self, what: impl Future<Output = ()> + Send + 'static) {
        self.before_a_code.is(what);
    }

    /// Happens once, just before it is kept that somebody agrees.
    pub fn before_an_agreement(&self, what: impl Future<Output = ()> + Send + 'static) {
        self.before_an_agreement.is(what);
    }

    /// Later than any grace window.
    pub fn past_grace(&self) {
        self.clock.advance(Duration::from_secs(31));
    }
}

/// Takes every message, and keeps it.
#[derive(Debug, Default)]
pub struct Postbox(Mutex<Vec<Message>>);

impl Postbox {
    /// What came since the last time.
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, message: &Message) -> Result<Sent, SeamError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(Sent::Accepted)
    }
}

/// A world is first of all what is seen of it.
impl Deref for World {
    type Target = Front;

    fn deref(&self) -> &Front {
        &self.front
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// The claims of a token, not verified.
#[must_use]
pub fn claims_of(token: &str) -> Value {
    segment(token, 1)
}

/// The header of a token, not verified.
#[must_use]
pub fn header_of(token: &str) -> Value {
    segment(token, 0)
}

fn segment(token: &str, which: usize) -> Value {
    let text = token.split('.').nth(which).unwrap_or_default();
    let bytes = grantway_core::base64url::decode(text).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

async fn keyring() -> Arc<Keyring> {
    // Two key pairs for all worlds: making an RSA key takes longer than most tests.
    static KEYRING: OnceCell<Arc<Keyring>> = OnceCell::const_new();
    let make = || async {
        let instance: InstanceId = "ins_test".parse().expect("a name");
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

async fn person() -> NewAccount {
    let hash = grantway_login::password::hash(Secret::new(PASSWORD), &SeededEntropy::new(0)).await;
    NewAccount {
        account: Account {
            subject: "user_ada".parse().expect("a name"),
            claims: StandardClaims {
                name: Some("Ada Lovelace".into()),
                given_name: Some("Ada".into()),
                family_name: Some("Lovelace".into()),
                preferred_username: Some("ada".into()),
                picture: Some("https://people.test/ada.png".into()),
                email: Some("ada@people.test".into()),
                email_verified: Some(true),
                phone_number: Some("+44 20 7946 0000".into()),
                phone_number_verified: Some(false),
                address: Some(Address { locality: Some("London".into()), ..Address::default() }),
                ..StandardClaims::default()
            },
            public_metadata: object(json!({"plan": "gold"})),
            private_metadata: object(json!({"crm": 7})),
            unsafe_metadata: object(json!({"colour": "green"})),
            enabled: true,
        },
        username: "ada".into(),
        password_hash: Some(hash.expect("a short password")),
    }
}

/// The confidential application as every world has it, to declare it with a change.
#[must_use]
pub fn confidential() -> Client {
    let [confidential, ..] = applications();
    confidential
}

/// An application that has nothing but assertions, and asks for tokens of its own with them.
#[must_use]
pub fn assertive(authentication: ClientAuthentication) -> Client {
    let mut client = Client::new("assertive".parse().expect("a name"), "Assertive", authentication);
    client.grant_types = vec![GrantType::ClientCredentials];
    client.scope = "orders".parse().expect("scopes");
    client.default_scope = client.scope.clone();
    client
}

fn applications() -> [Client; 3] {
    let secret = |secret: &str| ClientAuthentication::ClientSecret {
        digests: vec![TokenDigest::of(DigestKind::ClientSecret, &Secret::new(secret))],
    };
    let application = |client_id: &str, authentication| {
        let mut client =
            Client::new(client_id.parse().expect("a name"), format!("The {client_id} app"), authentication);
        client.redirect_uris = vec![redirect_of(client_id).parse().expect("a redirect URI")];
        client.post_logout_redirect_uris = vec![goodbye_of(client_id).parse().expect("a redirect URI")];
        client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        client.scope = supported_scopes();
        client.default_scope = "openid profile email".parse().expect("scopes");
        client
    };
    let mut confidential = application("confidential", secret("sesame"));
    confidential.grant_types.push(GrantType::ClientCredentials);
    [
        confidential,
        application("public", ClientAuthentication::None),
        application("other", secret("other-sesame")),
    ]
}

fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}
