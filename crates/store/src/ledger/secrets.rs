use std::fmt;
use std::sync::Arc;

use grantway_core::ids::InstanceId;
use grantway_core::seam::{Clock, Opened, SealContext, Sealer, SeamError};

use crate::traits::{Insert, SecretRow, SecretStore};

/// Secrets that every process of an instance shares, sealed at rest.
pub struct Secrets<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    sealer: Arc<dyn Sealer>,
}

impl<S: SecretStore> Secrets<S> {
    /// The secrets of an instance.
    #[must_use]
    pub const fn new(
        store: Arc<S>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        sealer: Arc<dyn Sealer>,
    ) -> Self {
        Self { store, instance, clock, sealer }
    }

    /// The secret of that name, which is `proposed` if there was none before. Whoever asks, in whatever
    /// process, gets the same.
    pub async fn settle(&self, name: &str, proposed: &[u8]) -> Result<Opened, SeamError> {
        let Self { store, instance, clock, sealer } = self;
        let context = context(instance, name);
        if self.kept(name).await?.is_none() {
            let row = SecretRow { name: name.to_owned(), sealed: sealer.seal(proposed, context)? };
            match store.insert_secret(instance, &row, clock.now()).await? {
                // Whether it was ours or another's, the reading that follows finds the one that stands.
                Insert::Done | Insert::Taken => {}
            }
        }
        let row = self.kept(name).await?;
        let row = row.ok_or_else(|| SeamError::broken("secrets", "what was just added is not there"))?;
        sealer.open(&row.sealed, context)
    }

    async fn kept(&self, name: &str) -> Result<Option<SecretRow>, SeamError> {
        Ok(self.store.load_secrets(&self.instance).await?.into_iter().find(|row| row.name == name))
    }
}

/// The place a sealed secret belongs to.
pub(super) const fn context<'a>(instance: &'a InstanceId, name: &'a str) -> SealContext<'a> {
    SealContext { instance, record: name, field: "secret" }
}

impl<S> fmt::Debug for Secrets<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("instance", &self.instance).finish_non_exhaustive()
    }
}
