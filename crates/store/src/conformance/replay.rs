//! What may be used once.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::seam::{Claimed, Clock, ReplayLedger};
use grantway_core::testing::FixedClock;

use super::kit::{crowd, digest, instance};
use crate::ledger::Replays;
use crate::traits::{ReplayStore, SweepStore};

/// Of many at once one is the first.
pub async fn a_value_is_claimed_once_however_many_try<S: ReplayStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let end = clock.now().plus(Duration::from_secs(60));
    let replays = Arc::new(Replays::new(Arc::new(store), instance(), clock));

    let outcomes = crowd(|| {
        let replays = replays.clone();
        async move { replays.claim(&digest("jti"), end).await.expect("a working store") }
    })
    .await;

    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Claimed::First).count(), 1);
    assert_eq!(replays.claim(&digest("another"), end).await.expect("a working store"), Claimed::First);
}

/// Nobody claims it by looking, and what has ended is as good as claimed, also where a clock is behind and
/// another node has removed the claim.
pub async fn a_claim_is_seen_and_outlives_its_removal<S: ReplayStore + SweepStore>(store: S) {
    let (store, clock) = (Arc::new(store), Arc::new(FixedClock::default()));
    let end = clock.now().plus(Duration::from_secs(60));
    let later = end.plus(Duration::from_secs(1));
    let replays = Replays::new(Arc::clone(&store), instance(), clock.clone());
    let is_claimed = async |name, end| replays.is_claimed(&digest(name), end).await.expect("a working store");
    assert!(!is_claimed("jti", end).await);
    assert!(!is_claimed("jti", end).await);

    assert_eq!(replays.claim(&digest("jti"), end).await.expect("a working store"), Claimed::First);

    assert!(is_claimed("jti", end).await);
    assert!(!is_claimed("another", end).await);
    let swept = store.sweep_replays(&instance(), end, 10).await;
    assert_eq!(swept.expect("a working store"), 1);
    assert!(is_claimed("jti", end).await, "for this clock it has not ended");
    assert!(!is_claimed("another", later).await);
    clock.set(later);
    assert!(is_claimed("another", later).await);
}

/// Whoever looked a moment too early does not claim again what was claimed before.
pub async fn a_value_that_is_over_is_not_claimed<S: ReplayStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let end = clock.now().plus(Duration::from_secs(60));
    let replays = Replays::new(Arc::new(store), instance(), clock.clone());
    assert_eq!(replays.claim(&digest("jti"), end).await.expect("a working store"), Claimed::First);

    clock.set(end);

    assert_eq!(replays.claim(&digest("jti"), end).await.expect("a working store"), Claimed::Again);
}

/// A value need not be remembered for longer than it would be believed.
pub async fn a_claim_that_is_over_can_be_made_again<S: ReplayStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let replays = Replays::new(Arc::new(store), instance(), clock.clone());
    let value = digest("jti");
    let claim = |seconds: u64| replays.claim(&value, clock.now().plus(Duration::from_secs(seconds)));
    assert_eq!(claim(60).await.expect("a working store"), Claimed::First);

    clock.advance(Duration::from_secs(59));
    assert_eq!(claim(60).await.expect("a working store"), Claimed::Again);
    clock.advance(Duration::from_secs(1));

    assert_eq!(claim(60).await.expect("a working store"), Claimed::First);
    assert_eq!(claim(60).await.expect("a working store"), Claimed::Again);
}
