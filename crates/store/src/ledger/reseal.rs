use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::try_join_all;
use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::{Opened, SealContext, Sealer, SeamError};

use super::{grants, secrets};
use crate::traits::{GrantStore, SecretStore};

/// Walks over everything that is sealed in a store, and seals anew what an older root key sealed.
///
/// Requests are answered meanwhile: what one of them changes between a look and the change that follows
/// is left as it is, and counted. Walk again until nothing is changed and nothing left.
pub struct Resealer<S> {
    store: Arc<S>,
    instance: InstanceId,
    sealer: Arc<dyn Sealer>,
    /// Where the walk over the grants stands.
    reached: Mutex<Option<GrantId>>,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Rows with something sealed in them.
    pub looked_at: u64,
    /// Sealed anew.
    pub resealed: u64,
    /// Somebody else changed them meanwhile.
    pub changed_meanwhile: u64,
    /// No key that is here opens them; left as they are.
    pub unsealable: u64,
    /// The walk goes on.
    pub more: bool,
}

impl<S: GrantStore + SecretStore> Resealer<S> {
    /// At the beginning of its first walk.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId, sealer: Arc<dyn Sealer>) -> Self {
        Self { store, instance, sealer, reached: Mutex::new(None) }
    }

    /// The next step of the walk, bounded. After the last the next begins a new walk.
    pub async fn step(&self) -> Result<Resealed, SeamError> {
        let Self { store, instance, reached, .. } = self;
        let after = *reached.lock().unwrap_or_else(PoisonError::into_inner);
        let mut outcomes = Vec::new();
        if after.is_none() {
            for row in store.load_secrets(instance).await? {
                outcomes.push(match self.anew(&row.sealed, secrets::context(instance, &row.name))? {
                    Anew::Sealed(anew) => done(store.reseal_secret(instance, &row, &anew).await?),
                    Anew::Not(outcome) => outcome,
                });
            }
        }
        let (found, last) = store.sealed_successors(instance, after, BATCH).await?;
        // Together, so that they share their commits.
        let resealing = found.iter().map(async |row| {
            let record = grants::record(row.grant, row.generation);
            Ok::<_, SeamError>(match self.anew(&row.sealed, grants::context(instance, &record))? {
                Anew::Sealed(anew) => done(store.reseal_successor(instance, row, &anew).await?),
                Anew::Not(outcome) => outcome,
            })
        });
        outcomes.extend(try_join_all(resealing).await?);
        *reached.lock().unwrap_or_else(PoisonError::into_inner) = last;
        let count = |wanted| outcomes.iter().map(|outcome| u64::from(*outcome == wanted)).sum();
        Ok(Resealed {
            looked_at: outcomes.iter().map(|_| 1).sum(),
            resealed: count(Outcome::Resealed),
            changed_meanwhile: count(Outcome::ChangedMeanwhile),
            unsealable: count(Outcome::Unsealable),
            more: last.is_some(),
        })
    }

    fn anew(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Anew, SeamError> {
        if self.sealer.is_current(sealed) {
            return Ok(Anew::Not(Outcome::Current));
        }
        Ok(match self.sealer.open(sealed, context)? {
            Opened::Plain(plain) => Anew::Sealed(self.sealer.seal(&plain, context)?),
            Opened::Refused(_) => Anew::Not(Outcome::Unsealable),
        })
    }
}

impl<S> fmt::Debug for Resealer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resealer").field("instance", &self.instance).finish_non_exhaustive()
    }
}

enum Anew {
    Sealed(Vec<u8>),
    Not(Outcome),
}

/// What became of one row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Current,
    Resealed,
    ChangedMeanwhile,
    Unsealable,
}

const fn done(changed: bool) -> Outcome {
    if changed { Outcome::Resealed } else { Outcome::ChangedMeanwhile }
}

/// Some milliseconds of work.
const BATCH: u32 = 500;
