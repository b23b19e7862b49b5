use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::try_join_all;
use grantway_core::client::{Client, ClientAuthentication, SealedClientSecret};
use grantway_core::ids::{ClientId, GrantId, InstanceId};
use grantway_core::seam::{Clock, Opened, SealContext, Sealer, SeamError};

use super::{grants, secrets};
use crate::traits::{ClientStore, GrantStore, SecretStore};

/// Walks over everything that is sealed in a store, and seals anew what an older root key sealed.
///
/// Requests are answered meanwhile: what one of them changes between a look and the change that follows
/// is left as it is, and counted. Walk again until nothing is changed and nothing left.
pub struct Resealer<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    sealer: Arc<dyn Sealer>,
    reached: Mutex<Reached>,
}

/// Where the walk stands: before the secrets, or after that row.
#[derive(Clone, PartialEq, Eq)]
enum Reached {
    Secrets,
    Clients(Option<ClientId>),
    Grants(Option<GrantId>),
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

impl<S: ClientStore + GrantStore + SecretStore> Resealer<S> {
    /// At the beginning of its first walk.
    #[must_use]
    pub const fn new(
        store: Arc<S>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        sealer: Arc<dyn Sealer>,
    ) -> Self {
        Self { store, instance, clock, sealer, reached: Mutex::new(Reached::Secrets) }
    }

    /// The next step of the walk, bounded. After the last the next begins a new walk.
    pub async fn step(&self) -> Result<Resealed, SeamError> {
        let here = self.reached.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (outcomes, next) = match here {
            Reached::Secrets => (self.secrets().await?, Reached::Clients(None)),
            Reached::Clients(after) => self.clients(after.as_ref()).await?,
            Reached::Grants(after) => self.grants(after).await?,
        };
        let more = next != Reached::Secrets;
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = next;
        let count = |wanted| outcomes.iter().map(|outcome| u64::from(*outcome == wanted)).sum();
        Ok(Resealed {
            looked_at: outcomes.iter().map(|_| 1).sum(),
            resealed: count(Outcome::Resealed),
            changed_meanwhile: count(Outcome::ChangedMeanwhile),
            unsealable: count(Outcome::Unsealable),
            more,
        })
    }

    async fn secrets(&self) -> Result<Vec<Outcome>, SeamError> {
        let Self { store, instance, .. } = self;
        let mut outcomes = Vec::new();
        for row in store.load_secrets(instance).await? {
            outcomes.push(match self.anew(&row.sealed, secrets::context(instance, &row.name))? {
                Anew::Sealed(anew) => done(store.reseal_secret(instance, &row, &anew).await?),
                Anew::Not(outcome) => outcome,
            });
        }
        Ok(outcomes)
    }

    async fn clients(&self, after: Option<&ClientId>) -> Result<(Vec<Outcome>, Reached), SeamError> {
        let Self { store, instance, clock, .. } = self;
        let found = store.next_clients(instance, after, BATCH).await?;
        let mut outcomes = Vec::new();
        for client in &found {
            if let Some(outcome) = match self.client_anew(client)? {
                Some(Anew::Sealed(anew)) => {
                    Some(done(store.replace_client(instance, client, &anew, clock.now()).await?))
                }
                Some(Anew::Not(outcome)) => Some(outcome),
                None => None,
            } {
                outcomes.push(outcome);
            }
        }
        let full = found.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
        let last = found.last().filter(|_| full).map(|client| client.client_id.clone());
        Ok((outcomes, last.map_or(Reached::Grants(None), |last| Reached::Clients(Some(last)))))
    }

    async fn grants(&self, after: Option<GrantId>) -> Result<(Vec<Outcome>, Reached), SeamError> {
        let Self { store, instance, .. } = self;
        let (found, last) = store.sealed_successors(instance, after, BATCH).await?;
        // Together, so that they share their commits.
        let resealing = found.iter().map(async |row| {
            let record = grants::record(row.grant, row.generation);
            Ok::<_, SeamError>(match self.anew(&row.sealed, grants::context(instance, &record))? {
                Anew::Sealed(anew) => done(store.reseal_successor(instance, row, &anew).await?),
                Anew::Not(outcome) => outcome,
            })
        });
        let outcomes = try_join_all(resealing).await?;
        Ok((outcomes, last.map_or(Reached::Secrets, |last| Reached::Grants(Some(last)))))
    }

    /// An application with its secrets sealed anew; nothing if it has none that are sealed.
    fn client_anew(&self, client: &Client) -> Result<Option<Anew<Client>>, SeamError> {
        let mut anew = client.clone();
        let ClientAuthentication::ClientSecretJwt { sealed, .. } = &mut anew.authentication else {
            return Ok(None);
        };
        let place = SealedClientSecret::place(&self.instance, &client.client_id);
        let mut worst = Outcome::Current;
        for secret in sealed {
            match self.anew(&secret.to_bytes(), place)? {
                Anew::Sealed(again) => {
                    *secret = SealedClientSecret::of_bytes(&again);
                    worst = worst.max(Outcome::Resealed);
                }
                Anew::Not(outcome) => worst = worst.max(outcome),
            }
        }
        let changed = anew != *client;
        Ok(Some(if changed { Anew::Sealed(anew) } else { Anew::Not(worst) }))
    }

    fn anew(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Anew<Vec<u8>>, SeamError> {
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

enum Anew<T> {
    Sealed(T),
    Not(Outcome),
}

/// What became of one row, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
