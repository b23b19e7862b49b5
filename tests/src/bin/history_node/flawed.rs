use grantway_core::ids::{ClientId, GrantId, InstanceId, Subject};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{
    CodeSpend, GrantRow, GrantStore, Insert, RefreshRow, RefreshSwap, SealedSuccessor, Spend, Swap,
    SweepStore, SweptGrants,
};
use grantway_store_seaorm::SeaStore;
use grantway_tests::history::Flaw;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::late::Late;

/// A good store, and the flaw that spoils it.
#[derive(Debug)]
pub(crate) struct Flawed {
    store: SeaStore,
    late: Late,
    flaw: Flaw,
    url: String,
}

impl Flawed {
    pub(crate) fn new(store: SeaStore, flaw: Flaw, url: String) -> Self {
        Self { late: Late::new(store.clone()), store, flaw, url }
    }

    fn is_late(&self) -> bool {
        self.flaw == Flaw::AnswersBeforeItWrites
    }

    fn trusts_what_it_read(&self) -> bool {
        self.flaw == Flaw::IgnoresAffectedRows
    }
}

impl GrantStore for Flawed {
    async fn insert_grant(&self, instance: &InstanceId, row: &GrantRow) -> Result<Insert, SeamError> {
        self.store.insert_grant(instance, row).await
    }

    async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        if self.is_late() {
            return self.late.spend_code(instance, grant, spend).await;
        }
        let read = self.store.find_grant(instance, grant).await?;
        match self.store.spend_code(instance, grant, spend).await? {
            Spend::Unchanged(row) => Ok(match read.filter(|_| self.trusts_what_it_read()) {
                Some(read) if is_unspent(&read, spend) => Spend::First(Box::new(spent(read, spend))),
                _ => Spend::Unchanged(row),
            }),
            first @ Spend::First(_) => Ok(first),
        }
    }

    async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        if self.is_late() {
            return self.late.swap_refresh(instance, grant, swap).await;
        }
        let read = self.store.find_grant(instance, grant).await?;
        match self.store.swap_refresh(instance, grant, swap).await? {
            Swap::Unchanged(row) => Ok(match read.filter(|_| self.trusts_what_it_read()) {
                Some(read) if is_current(&read, swap) => Swap::Done(Box::new(read)),
                _ => Swap::Unchanged(row),
            }),
            done @ Swap::Done(_) => Ok(done),
        }
    }

    async fn find_grant(&self, instance: &InstanceId, grant: GrantId) -> Result<Option<GrantRow>, SeamError> {
        if self.is_late() {
            return self.late.find_grant(instance, grant).await;
        }
        self.store.find_grant(instance, grant).await
    }

    async fn sealed_successors(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        limit: u32,
    ) -> Result<(Vec<SealedSuccessor>, Option<GrantId>), SeamError> {
        self.store.sealed_successors(instance, after, limit).await
    }

    async fn reseal_successor(
        &self,
        instance: &InstanceId,
        before: &SealedSuccessor,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        self.store.reseal_successor(instance, before, anew).await
    }

    async fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        match self.flaw {
            Flaw::ForgetsRevocations => Ok(()),
            Flaw::AnswersBeforeItWrites => self.late.revoke_grant(instance, grant, at).await,
            Flaw::IgnoresAffectedRows | Flaw::ForgetsWhatItSwept => {
                self.store.revoke_grant(instance, grant, at).await
            }
        }
    }

    async fn revoke_grants_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: Option<&ClientId>,
        at: Timestamp,
    ) -> Result<u64, SeamError> {
        self.store.revoke_grants_of(instance, subject, client_id, at).await
    }
}

impl SweepStore for Flawed {
    async fn sweep_grants(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<SweptGrants, SeamError> {
        if self.is_late() {
            self.late.sweep_grants(instance, after, at, limit).await?;
        }
        self.store.sweep_grants(instance, after, at, limit).await
    }

    async fn sweep_sessions(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        self.store.sweep_sessions(instance, at, limit).await
    }

    async fn sweep_replays(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        let swept = self.store.sweep_replays(instance, at, limit).await?;
        if self.flaw == Flaw::ForgetsWhatItSwept {
            let forgotten = forget(&self.url).await;
            forgotten.map_err(|fault| SeamError::unavailable("flawed store", fault))?;
        }
        Ok(swept)
    }

    async fn sweep_throttles(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        self.store.sweep_throttles(instance, at, limit).await
    }
}

async fn forget(url: &str) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect(url).await?;
    connection.execute("DELETE FROM replay_horizon").await?;
    connection.close().await
}

fn is_unspent(row: &GrantRow, spend: &CodeSpend) -> bool {
    row.code.digest == spend.code
        && row.code.spent_at.is_none()
        && row.code.expires_at > spend.at
        && row.revoked_at.is_none()
}

fn spent(row: GrantRow, spend: &CodeSpend) -> GrantRow {
    let refresh = row.terms.refreshable.then_some(RefreshRow {
        family: spend.refresh.family,
        current: spend.refresh.token,
        previous: None,
        generation: 1,
        expires_at: spend.refresh.expires_at,
        grace_until: None,
        sealed_successor: None,
    });
    GrantRow { refresh, ..row }
}

fn is_current(row: &GrantRow, swap: &RefreshSwap) -> bool {
    row.revoked_at.is_none()
        && row.refresh.as_ref().is_some_and(|refresh| {
            refresh.current == swap.presented && refresh.expires_at.is_none_or(|end| end > swap.at)
        })
}
