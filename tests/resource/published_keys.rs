//! Keys that issuers publish over HTTP, and change.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use grantway_client::{AddressRules, Transport, TransportSettings};
use grantway_core::audit::Event;
use grantway_core::seam::Clock;
use grantway_core::testing::{FixedClock, RecordedAudit};
use grantway_jose::signing_key::SigningKey;
use grantway_resource::{Resource, TrustedIssuer};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ask, claims, key, orders, resource_of, signed};

/// Somebody else's issuer, on this machine.
struct Issuer {
    name: String,
    keys: Arc<Mutex<Value>>,
}

impl Issuer {
    async fn with(key: &SigningKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("http://{}", listener.local_addr().unwrap());
        let keys = Arc::new(Mutex::new(set(key)));
        let published = Arc::clone(&keys);
        let metadata = json!({"issuer": name, "jwks_uri": format!("{name}/keys")}).to_string();
        let router = Router::new()
            .route("/keys", get(async move || published.lock().unwrap().to_string()))
            .route("/.well-known/oauth-authorization-server", get(async move || metadata));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { name, keys }
    }

    fn publishes(&self, key: &SigningKey) {
        *self.keys.lock().unwrap() = set(key);
    }
}

/// Without a `kid`, so that nothing but the signature tells them apart.
fn set(key: &SigningKey) -> Value {
    let mut key = serde_json::to_value(key.public_jwk()).unwrap();
    key.as_object_mut().unwrap().remove("kid");
    json!({"keys": [key]})
}

fn resource(
    issuers: &[&Issuer],
    loopback: bool,
    clock: &Arc<FixedClock>,
    audit: &Arc<RecordedAudit>,
) -> Resource {
    let addresses = AddressRules { loopback, ..AddressRules::default() };
    let transport = Transport::new(&TransportSettings { addresses, ..TransportSettings::default() }).unwrap();
    let issuers = issuers.iter().map(|issuer| TrustedIssuer::discovered(&issuer.name)).collect();
    resource_of(issuers, Arc::new(transport), clock.clone(), audit.clone())
}

#[tokio::test]
async fn a_new_key_is_good_and_one_that_was_withdrawn_is_not_for_long() {
    let (old, new) = (key(1), key(2));
    let issuer = Issuer::with(&old).await;
    let (clock, audit) = (Arc::new(FixedClock::default()), Arc::new(RecordedAudit::default()));
    let api = orders(&resource(&[&issuer], true, &clock, &audit));
    let token = |key: &SigningKey| {
        let mut claims = claims(&issuer.name, clock.now().unix());
        claims["exp"] = json!(clock.now().unix() + 3600);
        signed(key, &claims)
    };
    let (by_old, by_new) = (token(&old), token(&new));

    assert_eq!(ask(&api, &by_old).await.status, 200);
    assert_eq!(ask(&api, &by_new).await.status, 401);
    issuer.publishes(&new);
    clock.advance(Duration::from_mins(5));

    assert_eq!(ask(&api, &by_new).await.status, 200);
    assert_eq!(ask(&api, &by_old).await.status, 401, "although it was remembered");
}

#[tokio::test]
async fn of_two_issuers_neither_signs_for_the_other() {
    let (one, other) = (key(1), key(2));
    let issuers = [Issuer::with(&one).await, Issuer::with(&other).await];
    let (clock, audit) = (Arc::new(FixedClock::default()), Arc::new(RecordedAudit::default()));
    let api = orders(&resource(&[&issuers[0], &issuers[1]], true, &clock, &audit));
    for (key, issuer, status) in [
        (&one, &issuers[0], 200),
        (&other, &issuers[1], 200),
        (&one, &issuers[1], 401),
        (&other, &issuers[0], 401),
    ] {
        let token = signed(key, &claims(&issuer.name, clock.now().unix()));
        let answer = ask(&api, &token).await;
        assert_eq!(answer.status, status, "{}", issuer.name);
        assert!(status != 200 || answer.text() == format!("ada by {}", issuer.name));
    }
}

#[tokio::test]
async fn an_issuer_that_may_not_be_asked_is_not_believed_and_nobody_is_let_in() {
    let key = key(1);
    let issuer = Issuer::with(&key).await;
    let (clock, audit) = (Arc::new(FixedClock::default()), Arc::new(RecordedAudit::default()));
    let api = orders(&resource(&[&issuer], false, &clock, &audit));

    let answer = ask(&api, &signed(&key, &claims(&issuer.name, clock.now().unix()))).await;

    assert_eq!(answer.status, 503);
    assert!(answer.text().is_empty() && answer.header("www-authenticate").is_empty());
    let [Event::MetadataUnavailable { why, .. }, Event::Breakdown { .. }] = &audit.events()[..] else {
        panic!("{:?}", audit.events())
    };
    assert!(why.contains("the address is not one that may be asked from here"), "{why}");
}
