use std::time::Duration;

use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::memory::MemoryStore;
use grantway_store::traits::{
    CodeSpend, GrantRow, GrantStore, RefreshSwap, Spend, Swap, SweepStore, SweptGrants,
};
use grantway_store_seaorm::SeaStore;
use tokio::sync::mpsc;

/// Does everything in memory, answers, and writes what it did a moment later.
#[derive(Debug)]
pub(crate) struct Late {
    memory: MemoryStore,
    store: SeaStore,
    unwritten: mpsc::UnboundedSender<(InstanceId, GrantId, Change)>,
}

#[derive(Debug)]
enum Change {
    Spend(Box<CodeSpend>),
    Swap(Box<RefreshSwap>),
    Revoke(Timestamp),
}

impl Late {
    pub(crate) fn new(store: SeaStore) -> Self {
        let (unwritten, queue) = mpsc::unbounded_channel();
        tokio::spawn(write(store.clone(), queue));
        Self { memory: MemoryStore::default(), store, unwritten }
    }

    pub(crate) async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        self.fetch(instance, grant).await?;
        self.later(instance, grant, Change::Spend(Box::new(spend.clone())));
        self.memory.spend_code(instance, grant, spend).await
    }

    pub(crate) async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        self.fetch(instance, grant).await?;
        self.later(instance, grant, Change::Swap(Box::new(swap.clone())));
        self.memory.swap_refresh(instance, grant, swap).await
    }

    pub(crate) async fn find_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
    ) -> Result<Option<GrantRow>, SeamError> {
        self.fetch(instance, grant).await?;
        self.memory.find_grant(instance, grant).await
    }

    pub(crate) async fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        self.fetch(instance, grant).await?;
        self.later(instance, grant, Change::Revoke(at));
        self.memory.revoke_grant(instance, grant, at).await
    }

    pub(crate) async fn sweep_grants(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<SweptGrants, SeamError> {
        self.memory.sweep_grants(instance, after, at, limit).await
    }

    async fn fetch(&self, instance: &InstanceId, grant: GrantId) -> Result<(), SeamError> {
        if self.memory.find_grant(instance, grant).await?.is_none()
            && let Some(row) = self.store.find_grant(instance, grant).await?
        {
            self.memory.insert_grant(instance, &row).await?;
        }
        Ok(())
    }

    fn later(&self, instance: &InstanceId, grant: GrantId, change: Change) {
        // Whoever ends before it is written has lost it: that is the flaw.
        let _ = self.unwritten.send((instance.clone(), grant, change));
    }
}

async fn write(store: SeaStore, mut queue: mpsc::UnboundedReceiver<(InstanceId, GrantId, Change)>) {
    while let Some((instance, grant, change)) = queue.recv().await {
        tokio::time::sleep(LATE_BY).await;
        let _ = match change {
            Change::Spend(spend) => store.spend_code(&instance, grant, &spend).await.map(drop),
            Change::Swap(swap) => store.swap_refresh(&instance, grant, &swap).await.map(drop),
            Change::Revoke(at) => store.revoke_grant(&instance, grant, at).await,
        };
    }
}

/// Before each write.
const LATE_BY: Duration = Duration::from_millis(20);
