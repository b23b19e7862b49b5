use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::client::Client;
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::{ClientDirectory, SeamError};
use grantway_core::time::Timestamp;

use crate::traits::ClientStore;

/// Registered applications over any store.
#[derive(Debug)]
pub struct Clients<S> {
    store: Arc<S>,
    instance: InstanceId,
}

impl<S: ClientStore> Clients<S> {
    /// The applications of an instance.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId) -> Self {
        Self { store, instance }
    }

    /// Registers an application, or puts it whole in the place of the one of that name.
    pub async fn declare(&self, client: &Client, at: Timestamp) -> Result<(), SeamError> {
        self.store.put_client(&self.instance, client, at).await
    }

    /// Is any application registered?
    pub async fn any(&self) -> Result<bool, SeamError> {
        self.store.any_client(&self.instance).await
    }
}

#[async_trait]
impl<S: ClientStore> ClientDirectory for Clients<S> {
    async fn find(&self, client_id: &ClientId) -> Result<Option<Client>, SeamError> {
        self.store.find_client(&self.instance, client_id).await
    }
}
