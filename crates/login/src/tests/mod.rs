//! The pages and the gate, as a browser and the server meet them.

mod account;
mod enumeration;
mod for_an_application;
mod forgery;
mod gate;
mod languages;
mod pages;
mod recovery;
mod sessions;
mod throttle;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use grantway_core::account::{Account, PasswordHash};
use grantway_core::audit::Event;
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::http::CsrfKey;
use grantway_core::ids::{ClientId, SessionId, Subject};
use grantway_core::logo::Logo;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{
    AccountCredentials, AccountDirectory, Agreement, Attempt, ClientDirectory, Clock, ConsentLedger,
    EmailVerified, GrantRevocation, Mailer, Message, PasswordChange, PasswordRecord, Replaced, SeamError,
    Sent, SessionLedger, SessionList, Target, Throttle,
};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::testing::{FixedClock, RecordedAudit, SeededEntropy};
use grantway_core::time::Timestamp;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use crate::password::{Argon2id, Check, Passwords, Salt, hash};
use crate::pool::Pool;
use crate::{AccountPage, Login, LoginParts, Recovery};

/// One provider with a few people: `ada` and `bob` have a password, `carol` has none, `mallory` was disabled.
struct World {
    login: Arc<Login>,
    clock: Arc<FixedClock>,
    audit: Arc<RecordedAudit>,
    people: Arc<People>,
    sessions: Arc<KeptSessions>,
    check: Arc<CountedCheck>,
    throttle: Arc<CountedAttempts>,
    mailer: Arc<Postbox>,
    allowed: Arc<Allowed>,
}

impl World {
    async fn new() -> Self {
        Self::at("https://op.test", Pool::new()).await
    }

    async fn at(issuer: &str, pool: Pool) -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let password = hash(Secret::new(PASSWORD), &*entropy).await.unwrap();
        let clock = Arc::new(FixedClock::default());
        let audit = Arc::new(RecordedAudit::default());
        let people = Arc::new(People::with(&password));
        let sessions = Arc::new(KeptSessions {
            clock: Arc::clone(&clock),
            kept: Mutex::default(),
            gate: Semaphore::new(1),
            stuck: AtomicBool::new(false),
        });
        let check = Arc::new(CountedCheck::default());
        let throttle = Arc::new(CountedAttempts::default());
        let mailer = Arc::new(Postbox::default());
        let allowed = Arc::new(Allowed::default());
        let mut parts = LoginParts::new(
            issuer,
            clock.clone(),
            entropy,
            people.clone(),
            throttle.clone(),
            sessions.clone(),
            Arc::new(Shop),
            audit.clone(),
            CsrfKey::new([9; 32]),
        );
        let mut recovery = Recovery::new(mailer.clone(), allowed.clone(), allowed.clone());
        recovery.retries = vec![Duration::ZERO; 2];
        parts.recovery = Some(recovery);
        parts.account_page = Some(AccountPage {
            sessions: sessions.clone(),
            consents: allowed.clone(),
            grants: allowed.clone(),
        });
        let passwords = Passwords { pool, check: check.clone() };
        Self {
            login: Login::with(parts, passwords).unwrap(),
            clock,
            audit,
            people,
            sessions,
            check,
            throttle,
            mailer,
            allowed,
        }
    }

    fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookies: BTreeMap::new() }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.login.router().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status, headers: head.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// The reasons of all failures so far.
    fn failures(&self) -> Vec<&'static str> {
        let reason = |event| match event {
            Event::SignInFailed { reason, .. } => Some(reason),
            _ => None,
        };
        self.audit.events().into_iter().filter_map(reason).collect()
    }
}

/// Keeps cookies, follows nothing by itself.
#[derive(Clone)]
struct Browser<'a> {
    world: &'a World,
    cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, None).await
    }

    /// Posts as a page of our own origin does.
    async fn post(&mut self, path: &str, fields: &Fields) -> Answer {
        let origin = self.world.login.site.place.origin.clone();
        self.ask(Method::POST, path, Some(fields), Some(&origin)).await
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        fields: Option<&Fields>,
        origin: Option<&str>,
    ) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(COOKIE, cookies.join("; "));
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let body = fields.map_or_else(Body::empty, |fields| {
            Body::from(Serializer::new(String::new()).extend_pairs(fields).finish())
        });
        if fields.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let answer = self.world.send(request.body(body).unwrap()).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            let (pair, attributes) = set.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        answer
    }

    /// Opens the form and fills it in.
    async fn fill_in(&mut self, address: &str, username: &str, password: &str) -> Fields {
        let mut fields = self.get(address).await.hidden();
        fields.insert("username".into(), username.into());
        fields.insert("password".into(), password.into());
        fields
    }

    async fn sign_in(&mut self, address: &str, username: &str, password: &str) -> Answer {
        let fields = self.fill_in(address, username, password).await;
        self.post("/sign-in", &fields).await
    }

    fn headers(&self) -> HeaderMap {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.join("; ").parse().unwrap());
        headers
    }
}

type Fields = BTreeMap<String, String>;

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers[LOCATION].to_str().unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The hidden fields of the page's form.
    fn hidden(&self) -> Fields {
        let inputs = self.body.split("<input type=\"hidden\" name=\"").skip(1);
        inputs
            .map(|input| {
                let (name, rest) = input.split_once("\" value=\"").unwrap();
                (name.to_owned(), unescape(rest.split_once('"').unwrap().0))
            })
            .collect()
    }
}

/// Reads the numeric character references that askama writes.
fn unescape(text: &str) -> String {
    let mut pieces = text.split("&#");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once(';').unwrap();
        out.push(char::from_u32(code.parse().unwrap()).unwrap());
        out.push_str(rest);
    }
    out
}

#[derive(Default)]
struct CountedCheck {
    count: AtomicUsize,
    /// Happens once, while a password is looked at.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl fmt::Debug for CountedCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CountedCheck")
    }
}

impl CountedCheck {
    /// How many hashes were made since the last time.
    fn taken(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }
}

impl Check for CountedCheck {
    fn matches(&self, password: &Secret, hash: &PasswordHash) -> Result<bool, SeamError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        let matched = Argon2id.matches(password, hash);
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        matched
    }

    fn hash(&self, password: &Secret, salt: &Salt) -> Result<PasswordHash, SeamError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        Argon2id.hash(password, salt)
    }
}

#[derive(Debug)]
struct People(Mutex<BTreeMap<String, (Account, Option<PasswordHash>)>>);

impl People {
    fn with(password: &PasswordHash) -> Self {
        let person = |name: &str, enabled, password: Option<&PasswordHash>| {
            let account = Account {
                subject: format!("user_{name}").parse().unwrap(),
                claims: StandardClaims {
                    preferred_username: Some(name.to_owned()),
                    email: (name != "bob").then(|| format!("{name}@people.test")),
                    ..StandardClaims::default()
                },
                public_metadata: serde_json::Map::new(),
                private_metadata: serde_json::Map::new(),
                unsafe_metadata: serde_json::Map::new(),
                enabled,
            };
            (name.to_owned(), (account, password.cloned()))
        };
        Self(Mutex::new(BTreeMap::from([
            person("ada", true, Some(password)),
            person("bob", true, Some(password)),
            person("carol", true, None),
            person("mallory", false, Some(password)),
            person("broken", true, Some(&PasswordHash::new("sesame"))),
        ])))
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Account, &mut Option<PasswordHash>)) {
        let mut people = self.0.lock().unwrap();
        let (account, hash) = people.get_mut(name).unwrap();
        change(account, hash);
    }

    fn take_password(&self, name: &str) {
        self.0.lock().unwrap().get_mut(name).unwrap().1 = None;
    }

    fn disable(&self, name: &str) {
        self.0.lock().unwrap().get_mut(name).unwrap().0.enabled = false;
    }
}

#[async_trait]
impl AccountDirectory for People {
    async fn find(&self, subject: &Subject) -> Result<Option<Arc<Account>>, SeamError> {
        let people = self.0.lock().unwrap();
        let found = people.values().find(|(account, _)| account.subject == *subject);
        Ok(found.map(|(account, _)| Arc::new(account.clone())))
    }
}

#[async_trait]
impl AccountCredentials for People {
    async fn password_record(&self, identifier: &str) -> Result<Option<PasswordRecord>, SeamError> {
        let people = self.0.lock().unwrap();
        let name = identifier.trim().to_lowercase();
        let is_meant = |(account, _): &&(Account, _)| account.claims.email.as_deref() == Some(&*name);
        Ok(people.get(&name).or_else(|| people.values().find(is_meant)).map(record))
    }

    async fn password_record_of(&self, subject: &Subject) -> Result<Option<PasswordRecord>, SeamError> {
        let people = self.0.lock().unwrap();
        Ok(people.values().find(|(account, _)| account.subject == *subject).map(record))
    }

    async fn set_password(&self, change: PasswordChange<'_>) -> Result<Replaced, SeamError> {
        let PasswordChange { subject, before, after } = change;
        let mut people = self.0.lock().unwrap();
        let place = people
            .values_mut()
            .find(|(account, hash)| account.subject == *subject && hash.as_ref() == before);
        Ok(place.map_or(Replaced::Outdated, |(_, hash)| {
            *hash = Some(after.clone());
            Replaced::Done
        }))
    }

    async fn verify_email(&self, subject: &Subject, address: &str) -> Result<EmailVerified, SeamError> {
        let mut people = self.0.lock().unwrap();
        let claims = people
            .values_mut()
            .map(|(account, _)| account)
            .find(|account| account.subject == *subject && account.claims.email.as_deref() == Some(address))
            .map(|account| &mut account.claims);
        Ok(match claims {
            None => EmailVerified::OtherAddress,
            Some(claims) if claims.email_verified == Some(true) => EmailVerified::Before,
            Some(claims) => {
                claims.email_verified = Some(true);
                EmailVerified::Now
            }
        })
    }
}

fn record((account, hash): &(Account, Option<PasswordHash>)) -> PasswordRecord {
    PasswordRecord { subject: account.subject.clone(), hash: hash.clone(), enabled: account.enabled }
}

/// Lets everybody try until it is told not to.
#[derive(Debug, Default)]
struct CountedAttempts {
    made: Mutex<Vec<String>>,
    forgiven: AtomicUsize,
    exhausted: AtomicBool,
}

#[async_trait]
impl Throttle for CountedAttempts {
    async fn attempt(&self, targets: &[Target<'_>]) -> Result<Attempt, SeamError> {
        self.made.lock().unwrap().push(format!("{targets:?}"));
        Ok(if self.exhausted.load(Ordering::SeqCst) {
            Attempt::TooMany { wait: Duration::from_secs(42) }
        } else {
            Attempt::Allowed
        })
    }

    async fn forgive(&self, _targets: &[Target<'_>]) -> Result<(), SeamError> {
        self.forgiven.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Keeps what was sent, once it does not fail any more.
#[derive(Debug)]
struct Postbox {
    /// Whoever holds it keeps all messages from going.
    line: Semaphore,
    sent: Mutex<Vec<Message>>,
    failures: AtomicUsize,
    refuses: AtomicBool,
}

impl Default for Postbox {
    fn default() -> Self {
        Self {
            line: Semaphore::new(1),
            sent: Mutex::default(),
            failures: AtomicUsize::new(0),
            refuses: AtomicBool::new(false),
        }
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, message: &Message) -> Result<Sent, SeamError> {
        if self.refuses.load(Ordering::SeqCst) {
            return Ok(Sent::Refused("nobody of that name".into()));
        }
        let _free = self.line.acquire().await;
        let left = self.failures.load(Ordering::SeqCst);
        if left > 0 {
            self.failures.store(left - 1, Ordering::SeqCst);
            return Err(SeamError::unavailable("mail", "the line is down"));
        }
        self.sent.lock().unwrap().push(message.clone());
        Ok(Sent::Accepted)
    }
}

#[derive(Debug)]
struct KeptSessions {
    clock: Arc<FixedClock>,
    kept: Mutex<Vec<Option<Session>>>,
    /// Whoever holds it keeps all sessions of a person from ending.
    gate: Semaphore,
    /// Those of a person cannot be ended at all.
    stuck: AtomicBool,
}

impl KeptSessions {
    fn alive(&self) -> Vec<Session> {
        self.kept.lock().unwrap().iter().flatten().cloned().collect()
    }

    fn position(cookie: &Secret) -> Option<usize> {
        cookie.expose().strip_prefix("cookie-")?.parse().ok()
    }
}

#[async_trait]
impl SessionLedger for KeptSessions {
    async fn begin(&self, session: &Session) -> Result<Secret, SeamError> {
        let mut kept = self.kept.lock().unwrap();
        kept.push(Some(session.clone()));
        Ok(Secret::new(format!("cookie-{}", kept.len() - 1)))
    }

    async fn find(&self, cookie: &Secret) -> Result<Option<Session>, SeamError> {
        let kept = self.kept.lock().unwrap();
        let found = Self::position(cookie).and_then(|position| kept.get(position).cloned().flatten());
        Ok(found.filter(|session| session.expires_at > self.clock.now()))
    }

    async fn end(&self, cookie: &Secret) -> Result<(), SeamError> {
        let mut kept = self.kept.lock().unwrap();
        if let Some(place) = Self::position(cookie).and_then(|position| kept.get_mut(position)) {
            *place = None;
        }
        Ok(())
    }

    async fn end_all(&self, subject: &Subject, except: Option<&SessionId>) -> Result<u64, SeamError> {
        let _open = self.gate.acquire().await;
        if self.stuck.load(Ordering::SeqCst) {
            return Err(SeamError::unavailable("sessions", "the disk is full"));
        }
        let mut ended = 0;
        for place in &mut *self.kept.lock().unwrap() {
            let over = |session: &Session| session.subject == *subject && Some(&session.sid) != except;
            ended += u64::from(place.take_if(|session| over(session)).is_some());
        }
        Ok(ended)
    }
}

#[async_trait]
impl SessionList for KeptSessions {
    async fn of(&self, subject: &Subject) -> Result<Vec<Session>, SeamError> {
        let own = |session: &Session| session.subject == *subject && session.expires_at > self.clock.now();
        let mut sessions: Vec<_> = self.alive().into_iter().filter(own).collect();
        sessions.reverse();
        Ok(sessions)
    }

    async fn end_named(&self, subject: &Subject, sid: &SessionId) -> Result<bool, SeamError> {
        let mut ended = false;
        for place in &mut *self.kept.lock().unwrap() {
            ended |= place.take_if(|session| session.subject == *subject && session.sid == *sid).is_some();
        }
        Ok(ended)
    }
}

/// What people agreed to, and what was revoked of it: seven grants each.
#[derive(Debug, Default)]
struct Allowed {
    agreements: Mutex<Vec<(Subject, Agreement)>>,
    revoked: Mutex<Vec<String>>,
}

impl Allowed {
    fn agree(&self, subject: &str, client_id: &str, scope: &str) {
        let agreement = Agreement {
            client_id: client_id.parse().unwrap(),
            scope: scope.parse().unwrap(),
            since: Timestamp::from_unix(1_767_225_600),
        };
        self.agreements.lock().unwrap().push((subject.parse().unwrap(), agreement));
    }

    fn revoked(&self) -> Vec<String> {
        self.revoked.lock().unwrap().clone()
    }
}

#[async_trait]
impl ConsentLedger for Allowed {
    async fn recall(&self, _subject: &Subject, _client: &ClientId) -> Result<ScopeSet, SeamError> {
        unreachable!("the server asks that")
    }

    async fn remember(
        &self,
        _subject: &Subject,
        _client: &ClientId,
        _scopes: &ScopeSet,
    ) -> Result<(), SeamError> {
        unreachable!("the server asks that")
    }

    async fn agreements(&self, subject: &Subject) -> Result<Vec<Agreement>, SeamError> {
        let agreements = self.agreements.lock().unwrap();
        let own = agreements.iter().filter(|(own, _)| own == subject);
        Ok(own.map(|(_, agreement)| agreement.clone()).collect())
    }

    async fn forget(&self, subject: &Subject, client: &ClientId) -> Result<bool, SeamError> {
        let mut agreements = self.agreements.lock().unwrap();
        let before = agreements.len();
        agreements.retain(|(own, agreement)| own != subject || agreement.client_id != *client);
        Ok(agreements.len() < before)
    }
}

#[async_trait]
impl GrantRevocation for Allowed {
    async fn revoke_all(&self, subject: &Subject) -> Result<u64, SeamError> {
        let agreed = self.agreements.lock().unwrap().iter().any(|(own, _)| own == subject);
        assert!(!agreed, "what could be granted meanwhile would stay");
        self.revoked.lock().unwrap().push(format!("{subject} all"));
        Ok(3)
    }

    async fn revoke_of(&self, subject: &Subject, client: &ClientId) -> Result<u64, SeamError> {
        let (agreements, mut revoked) = (self.agreements.lock().unwrap(), self.revoked.lock().unwrap());
        let agreed =
            agreements.iter().any(|(own, agreement)| own == subject && agreement.client_id == *client);
        revoked.push(format!("{subject} {client}{}", if agreed { " while agreed" } else { "" }));
        Ok(7)
    }
}

/// Two applications: `shop`, whose name is an attack on the page, and `closed`, which is disabled.
#[derive(Debug)]
struct Shop;

#[async_trait]
impl ClientDirectory for Shop {
    async fn find(&self, client_id: &ClientId) -> Result<Option<Arc<Client>>, SeamError> {
        let mut client = Client::new(client_id.clone(), "<b>Shop</b> & \"Sons\"", ClientAuthentication::None);
        client.logo = Logo::new(&b"\xff\xd8\xff a picture"[..]).ok();
        client.enabled = client_id.as_str() == "shop";
        Ok(["shop", "closed"].contains(&client_id.as_str()).then(|| Arc::new(client)))
    }
}

const PASSWORD: &str = "correct horse battery staple";
const ADDRESS: &str = "/sign-in?return_to=%2Foauth%2Fauthorize%3Fclient_id%3Da";
