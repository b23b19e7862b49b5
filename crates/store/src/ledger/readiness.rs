use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::seam::{Readiness, SeamError};

use crate::traits::ReadinessStore;

/// Whether a store can do its work now.
#[derive(Debug)]
pub struct Health<S>(Arc<S>);

impl<S: ReadinessStore> Health<S> {
    /// Of this store.
    #[must_use]
    pub const fn new(store: Arc<S>) -> Self {
        Self(store)
    }
}

#[async_trait]
impl<S: ReadinessStore> Readiness for Health<S> {
    async fn ready(&self) -> Result<(), SeamError> {
        self.0.ready().await
    }
}
