use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::{Clock, SeamError, Sweep, Swept};

use crate::traits::SweepStore;

/// Walks over any store and removes what is over.
///
/// Grants are walked in the order of their numbers, so that no index has to follow each rotation; a
/// pass over a million takes some minutes, and is all the promptness that removal needs.
pub struct Sweeper<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    /// Where the walk over the grants stands.
    reached: Mutex<Option<GrantId>>,
}

impl<S: SweepStore> Sweeper<S> {
    /// At the beginning of its first pass.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId, clock: Arc<dyn Clock>) -> Self {
        Self { store, instance, clock, reached: Mutex::new(None) }
    }
}

#[async_trait]
impl<S: SweepStore> Sweep for Sweeper<S> {
    async fn sweep(&self) -> Result<Swept, SeamError> {
        let Self { store, instance, clock, reached } = self;
        let at = clock.now().minus(CLOCKS_DIFFER_BY);
        let after = *reached.lock().unwrap_or_else(PoisonError::into_inner);
        let grants = store.sweep_grants(instance, after, at, BATCH).await?;
        *reached.lock().unwrap_or_else(PoisonError::into_inner) = grants.last;
        let sessions = store.sweep_sessions(instance, at, BATCH).await?;
        let replays = store.sweep_replays(instance, at, BATCH).await?;
        let throttles = store.sweep_throttles(instance, at, BATCH).await?;
        let full = |rows| rows == u64::from(BATCH);
        Ok(Swept {
            removed: grants.removed + sessions + replays + throttles,
            wiped: grants.wiped,
            more: grants.last.is_some() || [sessions, replays, throttles].into_iter().any(full),
        })
    }
}

impl<S> fmt::Debug for Sweeper<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sweeper").field("instance", &self.instance).finish_non_exhaustive()
    }
}

/// A row outlives its end by this much: another node's clock may be behind, and a replay that comes a
/// little late is told from a token that never was.
const CLOCKS_DIFFER_BY: Duration = Duration::from_secs(600);
/// Some milliseconds of work.
const BATCH: u32 = 500;
