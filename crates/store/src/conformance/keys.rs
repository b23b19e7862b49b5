//! Signing keys at rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{Clock, KeptKey, KeyAdded, SigningKeyLedger};
use grantway_core::testing::FixedClock;

use super::kit::{crowd, instance};
use crate::ledger::SigningKeys;
use crate::traits::SigningKeyStore;

/// One is added, the others are told; each algorithm and each generation counts by itself.
pub async fn of_many_first_keys_one_stands<S: SigningKeyStore>(store: S) {
    let keys = Arc::new(SigningKeys::new(Arc::new(store), instance()));
    let next = AtomicU8::new(0);

    let outcomes = crowd(|| {
        let keys = keys.clone();
        let own = next.fetch_add(1, Ordering::SeqCst);
        async move { keys.add(&key(JwsAlgorithm::ES256, 1, own)).await.expect("a working store") }
    })
    .await;

    assert_eq!(outcomes.iter().filter(|outcome| **outcome == KeyAdded::Added).count(), 1);
    for (algorithm, generation) in [(JwsAlgorithm::ES256, 2), (JwsAlgorithm::RS256, 1)] {
        let added = keys.add(&key(algorithm, generation, 200)).await.expect("a working store");
        assert_eq!(added, KeyAdded::Added, "{algorithm} {generation}");
    }
    let kept = keys.load().await.expect("a working store");
    let order: Vec<_> = kept.iter().map(|key| (key.algorithm, key.generation)).collect();
    assert_eq!(order, [(JwsAlgorithm::ES256, 1), (JwsAlgorithm::ES256, 2), (JwsAlgorithm::RS256, 1)]);
    assert_eq!(kept[2], key(JwsAlgorithm::RS256, 1, 200));
}

/// One goes and the others stay, in this instance and in every other.
pub async fn a_key_is_removed_by_its_name<S: SigningKeyStore>(store: S) {
    let store = Arc::new(store);
    let keys = SigningKeys::new(Arc::clone(&store), instance());
    let others = SigningKeys::new(store, "ins_other".parse().expect("a name"));
    let (old, new) = (key(JwsAlgorithm::ES256, 1, 1), key(JwsAlgorithm::ES256, 2, 2));
    for ledger in [&keys, &others] {
        ledger.add(&old).await.expect("a working store");
        ledger.add(&new).await.expect("a working store");
    }

    keys.remove(&old.kid).await.expect("a working store");
    keys.remove(&old.kid).await.expect("removing what is gone is no error");

    assert_eq!(keys.load().await.expect("a working store"), [new]);
    assert_eq!(others.load().await.expect("a working store").len(), 2);
}

pub(super) fn key(algorithm: JwsAlgorithm, generation: i64, own: u8) -> KeptKey {
    KeptKey {
        algorithm,
        generation,
        kid: format!("{algorithm}-{generation}-{own}").parse().expect("a name"),
        sealed: vec![0, own, 255],
        created_at: FixedClock::default().now(),
        active_from: FixedClock::default().now().plus(Duration::from_secs(600)),
    }
}
