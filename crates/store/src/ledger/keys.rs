use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::ids::{InstanceId, KeyId};
use grantway_core::seam::{KeptKey, KeyAdded, SeamError, SigningKeyLedger};

use crate::traits::{Insert, SigningKeyStore};

/// Signing keys at rest, over any store.
#[derive(Debug)]
pub struct SigningKeys<S> {
    store: Arc<S>,
    instance: InstanceId,
}

impl<S: SigningKeyStore> SigningKeys<S> {
    /// The keys of an instance.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId) -> Self {
        Self { store, instance }
    }
}

#[async_trait]
impl<S: SigningKeyStore> SigningKeyLedger for SigningKeys<S> {
    async fn load(&self) -> Result<Vec<KeptKey>, SeamError> {
        self.store.load_signing_keys(&self.instance).await
    }

    async fn add(&self, key: &KeptKey) -> Result<KeyAdded, SeamError> {
        Ok(match self.store.insert_signing_key(&self.instance, key).await? {
            Insert::Done => KeyAdded::Added,
            Insert::Taken => KeyAdded::Taken,
        })
    }

    async fn remove(&self, kid: &KeyId) -> Result<(), SeamError> {
        self.store.delete_signing_key(&self.instance, kid).await
    }

    async fn reseal(&self, kid: &KeyId, before: &[u8], anew: &[u8]) -> Result<bool, SeamError> {
        self.store.reseal_signing_key(&self.instance, kid, before, anew).await
    }
}
