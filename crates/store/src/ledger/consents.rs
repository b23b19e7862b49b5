use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::ids::{ClientId, InstanceId, Subject};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Agreement, Clock, ConsentLedger, SeamError};

use crate::traits::{ConsentRow, ConsentStore};

/// What people agreed to, over any store.
#[derive(Debug)]
pub struct Consents<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
}

impl<S: ConsentStore> Consents<S> {
    /// The agreements of an instance.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId, clock: Arc<dyn Clock>) -> Self {
        Self { store, instance, clock }
    }
}

#[async_trait]
impl<S: ConsentStore> ConsentLedger for Consents<S> {
    async fn recall(&self, subject: &Subject, client: &ClientId) -> Result<ScopeSet, SeamError> {
        self.store.recall_consent(&self.instance, subject, client).await
    }

    async fn remember(
        &self,
        subject: &Subject,
        client: &ClientId,
        scopes: &ScopeSet,
    ) -> Result<(), SeamError> {
        let consent = ConsentRow {
            subject: subject.clone(),
            client_id: client.clone(),
            scope: scopes.clone(),
            at: self.clock.now(),
        };
        self.store.add_consent(&self.instance, &consent).await
    }

    async fn agreements(&self, subject: &Subject) -> Result<Vec<Agreement>, SeamError> {
        let mut agreements: BTreeMap<ClientId, Agreement> = BTreeMap::new();
        for ConsentRow { subject: _, client_id, scope, at } in
            self.store.consents_of(&self.instance, subject).await?
        {
            agreements
                .entry(client_id.clone())
                .and_modify(|agreement| {
                    agreement.scope = agreement.scope.union(&scope);
                    agreement.since = agreement.since.min(at);
                })
                .or_insert(Agreement { client_id, scope, since: at });
        }
        Ok(agreements.into_values().collect())
    }

    async fn forget(&self, subject: &Subject, client: &ClientId) -> Result<bool, SeamError> {
        Ok(self.store.delete_consents(&self.instance, subject, client).await? > 0)
    }
}
