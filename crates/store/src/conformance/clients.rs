//! Applications.

use std::sync::Arc;

use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::seam::{ClientDirectory, Clock};
use grantway_core::testing::FixedClock;

use super::kit::{client, digest, instance};
use crate::ledger::{Clients, Freshness, LATE_BY};
use crate::traits::{ChangeStore, ClientStore};

/// The last declaration stands, whole.
pub async fn an_application_is_replaced_whole<S: ClientStore + ChangeStore>(store: S) {
    let clients = Clients::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest("a"), digest("b")] };
    let mut declared = Client::new(client("one"), "One \u{1f600}", authentication);
    declared.redirect_uris = vec!["https://app.test/cb".parse().expect("a redirect")];
    declared.scope = "openid email".parse().expect("scopes");
    assert!(!clients.any().await.expect("a working store"));

    clients.declare(&declared, now).await.expect("a working store");
    assert_eq!(*found(&clients).await, declared);
    declared.authentication = ClientAuthentication::None;
    declared.redirect_uris.clear();
    declared.enabled = false;
    clients.declare(&declared, now).await.expect("a working store");

    assert_eq!(*found(&clients).await, declared);
    assert_eq!(clients.find(&client("two")).await.expect("a working store"), None);
    assert!(clients.any().await.expect("a working store"));
}

/// What one process changes it knows at once, and every other half a second later.
pub async fn what_is_remembered_is_read_again_when_it_has_changed<S: ClientStore + ChangeStore>(store: S) {
    let (store, clock) = (Arc::new(store), Arc::new(FixedClock::default()));
    let remembering = || {
        let freshness = Freshness::new(Arc::clone(&store), instance(), clock.clone());
        Clients::new(Arc::clone(&store), instance()).remembering(Arc::new(freshness))
    };
    let (one, other) = (remembering(), remembering());
    let mut declared = Client::new(client("one"), "One", ClientAuthentication::None);
    one.declare(&declared, clock.now()).await.expect("a working store");
    assert!(found(&one).await.enabled && found(&other).await.enabled);

    declared.enabled = false;
    one.declare(&declared, clock.now()).await.expect("a working store");
    assert!(!found(&one).await.enabled);
    clock.advance(LATE_BY);
    assert!(!found(&other).await.enabled);

    declared.enabled = true;
    other.declare(&declared, clock.now()).await.expect("a working store");
    assert!(found(&other).await.enabled);
    clock.advance(LATE_BY);
    assert!(found(&one).await.enabled);
}

async fn found<S: ClientStore + ChangeStore>(clients: &Clients<S>) -> Arc<Client> {
    clients.find(&client("one")).await.expect("a working store").expect("it was declared")
}
