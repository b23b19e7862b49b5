//! What may be used once.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::seam::{Claimed, Clock, ReplayLedger};
use grantway_core::testing::FixedClock;

use super::kit::{crowd, digest, instance};
use crate::ledger::Replays;
use crate::traits::ReplayStore;

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

/// Until its end, to the second, and without being claimed by that.
pub async fn a_claim_is_seen_until_it_is_over<S: ReplayStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let end = clock.now().plus(Duration::from_secs(60));
    let replays = Replays::new(Arc::new(store), instance(), clock.clone());
    let is_claimed = async || replays.is_claimed(&digest("jti")).await.expect("a working store");
    assert!(!is_claimed().await);

    assert_eq!(replays.claim(&digest("jti"), end).await.expect("a working store"), Claimed::First);

    assert!(is_claimed().await);
    assert!(!replays.is_claimed(&digest("another")).await.expect("a working store"));
    clock.advance(Duration::from_secs(59));
    assert!(is_claimed().await);
    clock.advance(Duration::from_secs(1));
    assert!(!is_claimed().await);
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
