//! Attempts that are counted.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::seam::Clock;
use grantway_core::testing::FixedClock;
use grantway_core::time::Timestamp;

use super::kit::{crowd, digest, instance};
use crate::traits::{Pace, SweepStore, ThrottleStore, Turn};

const PACE: Pace = Pace { burst: 5, interval: 60 };

async fn take<S: ThrottleStore>(store: &S, at: Timestamp) -> Turn {
    store.take_turn(&instance(), &digest("target"), PACE, at).await.expect("a working store")
}

/// However many ask at once.
pub async fn no_more_turns_are_given_than_there_are<S: ThrottleStore>(store: S) {
    let (store, now) = (Arc::new(store), FixedClock::default().now());

    let outcomes = crowd(|| {
        let store = Arc::clone(&store);
        async move { take(&*store, now).await }
    })
    .await;

    assert_eq!(outcomes.iter().filter(|turn| **turn == Turn::Taken).count(), 5);
    let until = Turn::TakenUntil(now.plus(Duration::from_secs(300)));
    assert_eq!(outcomes.iter().filter(|turn| **turn == until).count(), outcomes.len() - 5);
    let other = store.take_turn(&instance(), &digest("another"), PACE, now).await;
    assert_eq!(other.expect("a working store"), Turn::Taken);
}

/// One in each interval, and never more at once than in the beginning.
pub async fn turns_come_back_with_time<S: ThrottleStore>(store: S) {
    let clock = FixedClock::default();
    for _ in 0..5 {
        assert_eq!(take(&store, clock.now()).await, Turn::Taken);
    }

    clock.advance(Duration::from_secs(59));
    assert_ne!(take(&store, clock.now()).await, Turn::Taken);
    clock.advance(Duration::from_secs(1));
    assert_eq!(take(&store, clock.now()).await, Turn::Taken);
    assert_ne!(take(&store, clock.now()).await, Turn::Taken);

    clock.advance(Duration::from_secs(3600));
    for _ in 0..5 {
        assert_eq!(take(&store, clock.now()).await, Turn::Taken);
    }
    assert_ne!(take(&store, clock.now()).await, Turn::Taken);
}

/// As if it had not been taken.
pub async fn a_turn_that_is_given_back_can_be_taken_again<S: ThrottleStore>(store: S) {
    let now = FixedClock::default().now();
    let give_back = async || {
        store.return_turn(&instance(), &digest("target"), PACE).await.expect("a working store");
    };
    give_back().await;
    for _ in 0..20 {
        assert_eq!(take(&store, now).await, Turn::Taken);
        give_back().await;
    }

    for _ in 0..5 {
        assert_eq!(take(&store, now).await, Turn::Taken);
    }
    assert_ne!(take(&store, now).await, Turn::Taken);
}

/// A clock that is a little behind opens nothing that one before it has closed.
pub async fn clocks_that_differ_give_no_more_turns<S: ThrottleStore>(store: S) {
    let clock = FixedClock::default();
    for _ in 0..5 {
        assert_eq!(take(&store, clock.now()).await, Turn::Taken);
    }
    clock.advance(Duration::from_secs(60));
    let later = clock.now();
    assert_eq!(take(&store, later).await, Turn::Taken);

    for behind in [1, 30, 59, 61, 300, 599] {
        let turn = take(&store, later.minus(Duration::from_secs(behind))).await;
        assert_ne!(turn, Turn::Taken, "{behind} seconds behind");
    }
}

/// Nobody waits for a time that only a wrong clock has seen.
pub async fn a_clock_that_goes_back_locks_nobody_out<S: ThrottleStore>(store: S) {
    let clock = FixedClock::default();
    let right = clock.now();
    for _ in 0..5 {
        take(&store, right.plus(Duration::from_secs(86_400))).await;
    }

    for _ in 0..5 {
        assert_eq!(take(&store, right).await, Turn::Taken);
    }
    assert_ne!(take(&store, right).await, Turn::Taken);
}

/// What is over is as good as never taken, and need not be kept.
pub async fn what_is_over_goes<S: ThrottleStore + SweepStore>(store: S) {
    let now = FixedClock::default().now();
    take(&store, now).await;
    let sweep = async |at| store.sweep_throttles(&instance(), at, 10).await.expect("a working store");

    assert_eq!(sweep(now.plus(Duration::from_secs(59))).await, 0);
    assert_eq!(sweep(now.plus(Duration::from_secs(60))).await, 1);
    assert_eq!(sweep(now.plus(Duration::from_secs(60))).await, 0);
}
