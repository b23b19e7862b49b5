use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Removes rows that are over, a bounded number at a time.
pub trait SweepStore: Debug + Send + Sync + 'static {
    /// Looks at the next `limit` grants after that number, in the order of their numbers, which is that
    /// of their age. Of these it removes those that were needed until `at` or less, and wipes the sealed
    /// successors whose grace window ended at `at` or before.
    fn sweep_grants(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<SweptGrants, SeamError>> + Send;

    /// Removes at most `limit` sign-ins that were over at `at`, and says how many.
    fn sweep_sessions(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;

    /// Removes at most `limit` claims that were over at `at`, and says how many. From then on nothing is
    /// claimed first that would be over by the time the last of them was: a claim that was removed is
    /// not made again where a clock is behind.
    fn sweep_replays(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;

    /// Removes at most `limit` rows of [`ThrottleStore`](super::ThrottleStore) whose time was over at `at`, and
    /// says how many.
    fn sweep_throttles(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;
}

/// What came of a look at grants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweptGrants {
    /// Rows that are gone.
    pub removed: u64,
    /// Rows whose sealed successor is gone.
    pub wiped: u64,
    /// The last one looked at, if there may be more after it.
    pub last: Option<GrantId>,
}
