use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::client::Client;
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::{ClientDirectory, SeamError};
use grantway_core::time::Timestamp;

use super::remembered::{Freshness, Remembered};
use crate::traits::{ChangeStore, ClientStore};

/// Registered applications over any store.
#[derive(Debug)]
pub struct Clients<S> {
    store: Arc<S>,
    instance: InstanceId,
    remembered: Option<Remembered<S, ClientId, Client>>,
}

impl<S: ClientStore + ChangeStore> Clients<S> {
    /// The applications of an instance, read for whoever asks.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId) -> Self {
        Self { store, instance, remembered: None }
    }

    /// The same, and remembers what it read as long as nothing is changed.
    #[must_use]
    pub fn remembering(mut self, freshness: Arc<Freshness<S>>) -> Self {
        self.remembered = Some(Remembered::new(freshness));
        self
    }

    /// Registers an application, or puts it whole in the place of the one of that name.
    pub async fn declare(&self, client: &Client, at: Timestamp) -> Result<(), SeamError> {
        self.store.put_client(&self.instance, client, at).await?;
        if let Some(remembered) = &self.remembered {
            remembered.changed();
        }
        Ok(())
    }

    /// Is any application registered?
    pub async fn any(&self) -> Result<bool, SeamError> {
        self.store.any_client(&self.instance).await
    }
}

#[async_trait]
impl<S: ClientStore + ChangeStore> ClientDirectory for Clients<S> {
    async fn find(&self, client_id: &ClientId) -> Result<Option<Arc<Client>>, SeamError> {
        let read = self.store.find_client(&self.instance, client_id);
        match &self.remembered {
            Some(remembered) => remembered.find(client_id, read).await,
            None => Ok(read.await?.map(Arc::new)),
        }
    }
}
