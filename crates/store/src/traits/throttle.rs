use std::fmt::Debug;
use std::future::Future;

use grantway_core::digest::TokenDigest;
use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Keeps who took how many turns lately.
///
/// A row holds one time: until when turns have been taken in advance. A turn takes one interval of it, time
/// gives it back by passing, and nobody may be further ahead than some intervals.
pub trait ThrottleStore: Debug + Send + Sync + 'static {
    /// Takes a turn at `at`, if there is one. Of any number of callers no more are given one than there are.
    fn take_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
        at: Timestamp,
    ) -> impl Future<Output = Result<Turn, SeamError>> + Send;

    /// Gives one back.
    fn return_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;
}

/// How fast turns come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many at once; at least one.
    pub burst: i64,
    /// Then one in so many seconds.
    pub interval: i64,
}

impl Pace {
    /// Nobody is further ahead than so many seconds, by his own clock.
    const fn horizon(self) -> i64 {
        self.burst * self.interval
    }

    /// Nobody seems further ahead than so many seconds, clocks of nodes differing as they may: beyond it a clock
    /// was set back, and what it had counted does not count.
    #[must_use]
    pub const fn impossible(self) -> i64 {
        self.horizon() + CLOCKS_DIFFER_BY
    }

    /// Whoever is further ahead than so many seconds has to wait.
    #[must_use]
    pub const fn last(self) -> i64 {
        self.horizon() - self.interval
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is the caller's.
    Taken,
    /// There is none; turns have been taken until then.
    TakenUntil(Timestamp),
}

/// Seconds.
const CLOCKS_DIFFER_BY: i64 = 600;
