//! Applications.

use std::sync::Arc;

use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::seam::{ClientDirectory, Clock};
use grantway_core::testing::FixedClock;

use super::kit::{client, digest, instance};
use crate::ledger::Clients;
use crate::traits::ClientStore;

/// The last declaration stands, whole.
pub async fn an_application_is_replaced_whole<S: ClientStore>(store: S) {
    let clients = Clients::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest("a"), digest("b")] };
    let mut declared = Client::new(client("one"), "One \u{1f600}", authentication);
    declared.redirect_uris = vec!["https://app.test/cb".parse().expect("a redirect")];
    declared.scope = "openid email".parse().expect("scopes");
    assert!(!clients.any().await.expect("a working store"));

    clients.declare(&declared, now).await.expect("a working store");
    assert_eq!(clients.find(&client("one")).await.expect("a working store"), Some(declared.clone()));
    declared.authentication = ClientAuthentication::None;
    declared.redirect_uris.clear();
    declared.enabled = false;
    clients.declare(&declared, now).await.expect("a working store");

    assert_eq!(clients.find(&client("one")).await.expect("a working store"), Some(declared));
    assert_eq!(clients.find(&client("two")).await.expect("a working store"), None);
    assert!(clients.any().await.expect("a working store"));
}
