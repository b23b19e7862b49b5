//! A provider of somebody else, on real sockets of this machine. As it starts it does what the standards
//! say; each `Fault` makes it misbehave in one way, and can be turned on and off while it runs. There is
//! one person, `ada`, who agrees to everything at once, and the clients `confidential` (secret `sesame`),
//! `public` and `ODD_CLIENT`.
//!
//! | at | does | in |
//! | --- | --- | --- |
//! | both places for metadata | OpenID Connect Discovery, RFC 8414 | `discovery` |
//! | `/keys` | RFC 7517; ES256 alone, for it is quickly made | `jwks`, `keys` |
//! | `/authorize` | RFC 6749 section 4.1, RFC 7636, RFC 9207 | `authorize` |
//! | `/par` | RFC 9126 | `pushed_authorization` |
//! | `/token` | a file for each grant, and what the answer looks like in `shape` | `token` |
//! | `/refresh` | the same, for those whose refreshing has an address of its own | `token` |
//! | `/device` | RFC 8628, as `ForeignProvider::script_device` has it | `device_authorization` |
//! | `/introspect`, `/revoke` | RFC 7662, RFC 7009 | `introspection`, `revocation` |
//! | `/userinfo` | OpenID Connect Core section 5.3 | `userinfo` |
//! | `/register` | RFC 7591 | `registration` |
//! | `/api` | RFC 6750 | `api` |
//!
//! What a fault does to an answer as such, whatever it says, is in `wire`; another host, to which it may
//! send a client, in `elsewhere`; what proves its name over TLS in `certificate`.

mod api;
mod assertion;
mod authorize;
mod book;
mod certificate;
mod client;
mod client_authentication;
mod desk;
mod device_authorization;
mod discovery;
mod elsewhere;
mod endpoint;
mod fault;
mod id_token;
mod introspection;
mod jwks;
mod keys;
mod listener;
mod pushed_authorization;
mod received;
mod refusal;
mod registration;
mod reply;
mod revocation;
mod scope;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;
mod wire;

use std::sync::Arc;

use grantway_core::seam::Clock;
use grantway_core::testing::FixedClock;
use http::header::DATE;
use http::{Method, StatusCode};

pub use self::book::DeviceAnswer;
pub use self::certificate::Certificate;
pub use self::client::{ForeignClient, ODD_CLIENT};
use self::desk::{Desk, http_date};
use self::elsewhere::Elsewhere;
pub use self::endpoint::Endpoint;
pub use self::fault::{Fault, Faults};
use self::listener::{Bound, Open};
pub use self::received::Received;
use self::reply::Reply;

/// The provider, until it is dropped.
#[derive(Debug)]
pub struct ForeignProvider {
    desk: Arc<Desk>,
    elsewhere: Elsewhere,
    root_pem: Option<String>,
    _open: Open,
}

/// What is settled when a provider starts.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its time, but for the faults of it.
    pub clock: Arc<dyn Clock>,
    /// Of its chance: two providers with the same draw the same codes and tokens.
    pub seed: u64,
    /// The path of its issuer; empty, or with a slash before it and none behind.
    pub issuer_path: &'static str,
    /// None: it speaks plain HTTP.
    pub certificate: Option<Certificate>,
    /// What is the matter with it at first.
    pub faults: Faults,
}

impl Default for Setup {
    fn default() -> Self {
        let clock = Arc::new(FixedClock::default());
        Self { clock, seed: 1, issuer_path: "", certificate: None, faults: Faults::none() }
    }
}

impl ForeignProvider {
    /// At a port of its own, with the default setup but for the faults.
    #[must_use]
    pub fn start(faults: impl Into<Faults>) -> Self {
        Self::of(Setup { faults: faults.into(), ..Setup::default() })
    }

    /// At a port of its own.
    #[must_use]
    pub fn of(setup: Setup) -> Self {
        let Setup { clock, seed, issuer_path, certificate, faults } = setup;
        let proof = certificate.map(Certificate::prove);
        let bound = Bound::new();
        let scheme = if proof.is_some() { "https" } else { "http" };
        let issuer = format!("{scheme}://{}{issuer_path}", bound.address());
        let elsewhere = Elsewhere::open();
        let desk = Arc::new(Desk::new(issuer, elsewhere.url.clone(), clock, seed));
        desk.turn(faults);
        let (config, root_pem) = proof.map(|proof| (proof.config, proof.root_pem)).unzip();
        let open = bound.open(config, {
            let desk = Arc::clone(&desk);
            Arc::new(move |received| {
                desk.log().push(received.clone());
                answer(&desk, &received).with(DATE, &http_date(desk.now()))
            })
        });
        Self { desk, elsewhere, root_pem, _open: open }
    }

    /// From now on that is the matter with it, and nothing else.
    pub fn turn(&self, faults: impl Into<Faults>) {
        self.desk.turn(faults.into());
    }

    /// What it calls itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.desk.issuer
    }

    /// Where an endpoint is.
    #[must_use]
    pub fn url(&self, endpoint: Endpoint) -> String {
        self.desk.url(endpoint)
    }

    /// Where a refresh is answered even if the token endpoint does not.
    #[must_use]
    pub fn refresh_url(&self) -> String {
        format!("{}{}", self.desk.issuer, token::REFRESH)
    }

    /// The root that a client has to trust, as PEM; none without TLS.
    #[must_use]
    pub fn root_pem(&self) -> Option<&str> {
        self.root_pem.as_deref()
    }

    /// Gets to know a client.
    pub fn register(&self, client: ForeignClient) {
        self.desk.book().clients.push(client);
    }

    /// What the next device that begins is told before it gets its tokens. Without a word of this the person
    /// has agreed when the device asks first.
    pub fn script_device(&self, answers: impl IntoIterator<Item = DeviceAnswer>) {
        self.desk.book().device_script.extend(answers);
    }

    /// Ends all that was ever granted, as a person may who changes her mind.
    pub fn end_all_grants(&self) {
        let mut book = self.desk.book();
        let refresh = book.refresh_tokens.values().map(|token| token.grant.family);
        let families: Vec<u64> =
            refresh.chain(book.access_tokens.values().map(|token| token.grant.family)).collect();
        book.ended.extend(families);
    }

    /// What it was asked so far, in order.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.desk.log().clone()
    }

    /// What an endpoint was asked so far, in order.
    #[must_use]
    pub fn received_at(&self, endpoint: Endpoint) -> Vec<Received> {
        let mut received = self.received();
        received
            .retain(|received| received.path == format!("{}{}", path_of(&self.desk.issuer), endpoint.path()));
        received
    }

    /// What the other host was sent so far, in order.
    #[must_use]
    pub fn received_elsewhere(&self) -> Vec<Received> {
        self.elsewhere.received()
    }
}

fn answer(desk: &Desk, received: &Received) -> Reply {
    let moved = received.path.strip_prefix(wire::MOVED);
    let path = moved.unwrap_or(&received.path);
    let Some(endpoint) = endpoint_at(desk, path) else {
        return Reply::page(StatusCode::NOT_FOUND, "not found");
    };
    if moved.is_none()
        && let Some(reply) = wire::instead(desk, endpoint, received)
    {
        return reply;
    }
    if !methods(endpoint).contains(&received.method) {
        return Reply::page(StatusCode::METHOD_NOT_ALLOWED, "not by that method");
    }
    let reply = match endpoint {
        Endpoint::Discovery => discovery::answer(desk),
        Endpoint::Jwks => jwks::answer(desk),
        Endpoint::Authorize => authorize::answer(desk, received),
        Endpoint::PushedAuthorization => pushed_authorization::answer(desk, received),
        Endpoint::Token => token::answer(desk, received),
        Endpoint::DeviceAuthorization => device_authorization::answer(desk, received),
        Endpoint::Introspection => introspection::answer(desk, received),
        Endpoint::Revocation => revocation::answer(desk, received),
        Endpoint::Userinfo => userinfo::answer(desk, received),
        Endpoint::Registration => registration::answer(desk, received),
        Endpoint::Api => api::answer(desk, received),
    };
    wire::upon(desk, endpoint, reply)
}

fn endpoint_at(desk: &Desk, path: &str) -> Option<Endpoint> {
    if discovery::is_at(desk, path) {
        return Some(Endpoint::Discovery);
    }
    let below = path.strip_prefix(path_of(&desk.issuer))?;
    if below == token::REFRESH {
        return Some(Endpoint::Token);
    }
    Endpoint::ALL.into_iter().find(|endpoint| *endpoint != Endpoint::Discovery && endpoint.path() == below)
}

fn methods(endpoint: Endpoint) -> &'static [Method] {
    const GET: &[Method] = &[Method::GET];
    const POST: &[Method] = &[Method::POST];
    const EITHER: &[Method] = &[Method::GET, Method::POST];
    match endpoint {
        Endpoint::Discovery | Endpoint::Jwks | Endpoint::Authorize => GET,
        Endpoint::Userinfo | Endpoint::Api => EITHER,
        Endpoint::PushedAuthorization
        | Endpoint::Token
        | Endpoint::DeviceAuthorization
        | Endpoint::Introspection
        | Endpoint::Revocation
        | Endpoint::Registration => POST,
    }
}

/// The issuer without its path.
fn origin_of(issuer: &str) -> &str {
    &issuer[..issuer.len() - path_of(issuer).len()]
}

/// The path of an issuer; empty, if it has none.
fn path_of(issuer: &str) -> &str {
    let (_, behind) = issuer.split_once("://").expect("it is a web address");
    behind.find('/').map_or("", |slash| &behind[slash..])
}
