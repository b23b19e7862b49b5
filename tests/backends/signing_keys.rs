//! Two keyrings on one database, as two processes have them.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Signer, ToSign};
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation, Start};
use grantway_jose::seal::{RootKey, RootSealer};
use grantway_store::ledger::SigningKeys;
use grantway_tests::{Database, header_of};

use super::on_each_database;

on_each_database!(
    sixteen_that_begin_at_once_have_one_key_set,
    a_key_that_is_made_at_one_node_is_published_by_both_before_it_signs,
);

async fn ring(database: &Database, clock: &Arc<FixedClock>, seed: u64) -> Keyring {
    let entropy = Arc::new(SeededEntropy::new(seed));
    let root = RootKey::generate(&SeededEntropy::new(0));
    let instance: grantway_core::ids::InstanceId = "ins_one".parse().unwrap();
    let parts = KeyringParts {
        instance: instance.clone(),
        ledger: Arc::new(SigningKeys::new(Arc::new(database.open().await), instance)),
        sealer: Arc::new(RootSealer::new(&root.into(), entropy.clone())),
        clock: clock.clone(),
        entropy,
        rotation: Rotation::USUAL,
    };
    Keyring::open(parts).await.unwrap()
}

async fn published(ring: &Keyring) -> Vec<String> {
    ring.published().await.unwrap().keys.iter().filter_map(|key| key.kid.clone()).collect()
}

async fn signs(ring: &Keyring) -> String {
    let what = ToSign { algorithm: JwsAlgorithm::ES256, typ: TokenType::Jwt, claims: b"{}" };
    header_of(ring.sign(what).await.unwrap().expose())["kid"].as_str().unwrap().to_owned()
}

async fn sixteen_that_begin_at_once_have_one_key_set(database: Database) {
    let (database, clock) = (Arc::new(database), Arc::new(FixedClock::default()));
    let mut beginning = tokio::task::JoinSet::new();
    for seed in 0..16 {
        let (database, clock) = (Arc::clone(&database), Arc::clone(&clock));
        beginning.spawn(async move { published(&ring(&database, &clock, seed).await).await });
    }

    let sets = beginning.join_all().await;

    assert_eq!(sets[0].len(), 2);
    assert!(sets.iter().all(|set| *set == sets[0]), "{sets:?}");
}

async fn a_key_that_is_made_at_one_node_is_published_by_both_before_it_signs(database: Database) {
    let clock = Arc::new(FixedClock::default());
    let nodes = [ring(&database, &clock, 1).await, ring(&database, &clock, 2).await];
    let first = signs(&nodes[0]).await;

    let next = nodes[0].rotate(JwsAlgorithm::ES256, Start::Published).await.unwrap();
    nodes[1].refresh().await.unwrap();

    for node in &nodes {
        assert!(published(node).await.contains(&next.kid.to_string()));
        assert_eq!(signs(node).await, first);
    }
    clock.advance(Duration::from_mins(10));
    for node in &nodes {
        assert_eq!(signs(node).await, next.kid.to_string());
        assert!(published(node).await.contains(&first));
    }
}
