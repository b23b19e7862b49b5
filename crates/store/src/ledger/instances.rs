use std::sync::Arc;

use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

use crate::traits::InstanceStore;

/// Which instance lives in a store.
#[derive(Debug)]
pub struct Instances<S>(Arc<S>);

impl<S: InstanceStore> Instances<S> {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Arc<S>) -> Self {
        Self(store)
    }

    /// The instance that lives here, which is `proposed` if none did before. Whoever asks, in
    /// whatever process, gets the same answer.
    pub async fn settle(&self, proposed: &InstanceId, at: Timestamp) -> Result<InstanceId, SeamError> {
        self.0.settle_instance(proposed, at).await
    }
}
