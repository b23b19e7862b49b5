use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::digest::TokenDigest;
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Claimed, Clock, ReplayLedger, SeamError};
use grantway_core::time::Timestamp;

use crate::traits::ReplayStore;

/// What may be used once, over any store.
#[derive(Debug)]
pub struct Replays<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
}

impl<S: ReplayStore> Replays<S> {
    /// The claims of an instance.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId, clock: Arc<dyn Clock>) -> Self {
        Self { store, instance, clock }
    }
}

#[async_trait]
impl<S: ReplayStore> ReplayLedger for Replays<S> {
    async fn claim(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<Claimed, SeamError> {
        let now = self.clock.now();
        if expires_at <= now {
            // It was good when the caller looked, a moment ago. A claim of it is over by now, and would be
            // made again.
            return Ok(Claimed::Again);
        }
        self.store.claim_once(&self.instance, value, expires_at, now).await
    }

    async fn is_claimed(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<bool, SeamError> {
        if expires_at <= self.clock.now() {
            return Ok(true);
        }
        self.store.is_claimed(&self.instance, value, expires_at).await
    }
}
