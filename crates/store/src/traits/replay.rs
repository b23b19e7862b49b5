use std::fmt::Debug;
use std::future::Future;

use grantway_core::digest::TokenDigest;
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Claimed, SeamError};
use grantway_core::time::Timestamp;

/// Keeps what may be used once.
pub trait ReplayStore: Debug + Send + Sync + 'static {
    /// Claims a value until `expires_at`, unless it is claimed and that claim is not over at `at`.
    /// Of any number of callers at most one is the first.
    fn claim_once(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = Result<Claimed, SeamError>> + Send;

    /// Is there a claim of a value that ends then, or may one have been removed
    /// ([`SweepStore::sweep_replays`](super::SweepStore::sweep_replays))?
    fn is_claimed(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;
}
