//! Grants in a file that only grows: a row a line, and the last line of a grant is how it stands.
//!
//! This is all that a store of your own has to be. What is refused and why is not decided here but in
//! `grantway_store::ledger::Grants`, over whatever keeps the rows. Three things are asked of you:
//!
//! - Each verb is one step: whoever calls at the same moment sees all of it or nothing.
//! - What a verb answers is on the disk before it answers. A code that is good again after a crash could be
//!   used twice.
//! - Nothing secret comes here: digests and sealed bytes, so that a stolen file opens nothing.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex};

use grantway_core::ids::{ClientId, GrantId, InstanceId, Subject};
use grantway_core::seam::{Readiness, SeamError};
use grantway_core::time::Timestamp;
use grantway_store::traits::{
    CodeSpend, GrantRow, GrantStore, Insert, RefreshRow, RefreshSwap, SealedSuccessor, Spend, Swap,
};
use serde::{Deserialize, Serialize};

/// The file, and what it says.
#[derive(Debug)]
pub(crate) struct Journal(Arc<Mutex<Book>>);

#[derive(Debug)]
struct Book {
    file: File,
    /// What of the file is whole.
    length: u64,
    grants: BTreeMap<Key, GrantRow>,
    /// The disk failed in a way that leaves open what is on it: nothing is answered any more.
    broken: bool,
    _lock: File,
}

type Key = (InstanceId, GrantId);

#[derive(Serialize, Deserialize)]
struct Line {
    instance: InstanceId,
    row: GrantRow,
}

impl Journal {
    /// Reads the file, if there is one, and writes it anew without the grants that nobody needs `now`.
    pub(crate) fn open(path: &Path, now: Timestamp) -> io::Result<Self> {
        // One process at a time: what another would append is not in this one's memory.
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock()?;
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => String::new(),
            Err(fault) => return Err(fault),
        };
        let mut grants = BTreeMap::new();
        // A crash may have cut the last line short. Nobody was told that it was written.
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let Line { instance, row } = serde_json::from_str(line)?;
            grants.insert((instance, row.id), row);
        }
        grants.retain(|_, row: &mut GrantRow| row.needed_until.is_none_or(|end| end > now));

        let fresh = path.with_extension("new");
        let mut file = OpenOptions::new().append(true).create(true).open(&fresh)?;
        // What a start before this one began and did not finish.
        file.set_len(0)?;
        for ((instance, _), row) in &grants {
            file.write_all(&line(instance, row)?)?;
        }
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        // The rename itself has to survive a crash too.
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        let length = file.metadata()?.len();
        Ok(Self(Arc::new(Mutex::new(Book { file, length, grants, broken: false, _lock: lock }))))
    }

    /// One step: `change` decides by how the row stands, and what it makes of it is on the disk afterwards.
    async fn step<T: Send + 'static>(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        change: impl FnOnce(&mut Option<GrantRow>) -> T + Send + 'static,
    ) -> Result<T, SeamError> {
        let key = (instance.clone(), grant);
        self.with(move |book| {
            let before = book.grants.get(&key);
            let mut row = before.cloned();
            let outcome = change(&mut row);
            match row {
                Some(row) if before != Some(&row) => {
                    book.append(&line(&key.0, &row).map_err(|fault| SeamError::broken(PART, fault))?)?;
                    book.grants.insert(key, row);
                }
                Some(_) | None => {}
            }
            Ok(outcome)
        })
        .await
    }

    /// Disks take their time, so nothing else that this program does waits for them.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Book) -> Result<T, SeamError> + Send + 'static,
    ) -> Result<T, SeamError> {
        let book = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let mut book = book.lock().map_err(|_| SeamError::broken(PART, "a thread panicked"))?;
            if book.broken {
                return Err(SeamError::broken(PART, "the disk failed; start the program again"));
            }
            work(&mut book)
        });
        done.await.map_err(|fault| SeamError::broken(PART, fault))?
    }
}

impl Book {
    fn append(&mut self, lines: &[u8]) -> Result<(), SeamError> {
        if let Err(fault) = self.file.write_all(lines) {
            // A disk that is full leaves half a line, which the next one must not be glued to.
            self.broken = self.file.set_len(self.length).is_err();
            return Err(SeamError::unavailable(PART, fault));
        }
        if let Err(fault) = self.file.sync_data() {
            // Whether it is there is anybody's guess, and asking again does not tell.
            self.broken = true;
            return Err(SeamError::broken(PART, fault));
        }
        self.length += lines.len() as u64;
        Ok(())
    }
}

fn line(instance: &InstanceId, row: &GrantRow) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(&Line { instance: instance.clone(), row: row.clone() })?;
    line.push(b'\n');
    Ok(line)
}

impl GrantStore for Journal {
    async fn insert_grant(&self, instance: &InstanceId, row: &GrantRow) -> Result<Insert, SeamError> {
        let new = row.clone();
        let insert = |row: &mut Option<GrantRow>| {
            if row.is_some() {
                return Insert::Taken;
            }
            *row = Some(new);
            Insert::Done
        };
        self.step(instance, row.id, insert).await
    }

    async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        let spend = spend.clone();
        let spend = move |row: &mut Option<GrantRow>| {
            let good = row.as_mut().filter(|row| {
                row.code.digest == spend.code
                    && row.code.spent_at.is_none()
                    && row.code.expires_at > spend.at
                    && row.revoked_at.is_none()
            });
            let Some(row) = good else { return Spend::Unchanged(row.clone().map(Box::new)) };
            row.code.spent_at = Some(spend.at);
            row.needed_until = Some(spend.needed_until);
            if row.terms.refreshable {
                row.needed_until = spend.refresh.needed_until;
                row.refresh = Some(RefreshRow {
                    family: spend.refresh.family,
                    current: spend.refresh.token,
                    previous: None,
                    generation: 1,
                    expires_at: spend.refresh.expires_at,
                    grace_until: None,
                    sealed_successor: None,
                });
            }
            Spend::First(Box::new(row.clone()))
        };
        self.step(instance, grant, spend).await
    }

    async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        let swap = swap.clone();
        let swap = move |row: &mut Option<GrantRow>| {
            let good = row.as_mut().filter(|row| {
                row.terms.client_id == swap.client_id
                    && row.revoked_at.is_none()
                    && swap.given_after.is_none_or(|after| row.created_at > after)
                    && row.refresh.as_ref().is_some_and(|refresh| {
                        refresh.current == swap.presented
                            && refresh.expires_at.is_none_or(|end| end > swap.at)
                    })
            });
            let Some(row) = good else { return Swap::Unchanged(row.clone().map(Box::new)) };
            row.refresh = row.refresh.take().map(|before| RefreshRow {
                family: before.family,
                current: swap.successor,
                previous: Some(before.current),
                generation: before.generation + 1,
                expires_at: swap.expires_at,
                grace_until: swap.grace_until,
                sealed_successor: swap.sealed_successor,
            });
            row.needed_until = swap.needed_until;
            Swap::Done(Box::new(row.clone()))
        };
        self.step(instance, grant, swap).await
    }

    async fn find_grant(&self, instance: &InstanceId, grant: GrantId) -> Result<Option<GrantRow>, SeamError> {
        self.step(instance, grant, |row| row.clone()).await
    }

    async fn sealed_successors(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        limit: u32,
    ) -> Result<(Vec<SealedSuccessor>, Option<GrantId>), SeamError> {
        let first = after.unwrap_or(GrantId::from_number(i64::MIN));
        let from = (instance.clone(), first);
        self.with(move |book| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let instance = from.0.clone();
            let next = book.grants.range((Bound::Excluded(from), Bound::Unbounded));
            let looked_at: Vec<_> =
                next.take_while(|((own, _), _)| *own == instance).take(limit).map(|(_, row)| row).collect();
            let sealed = looked_at.iter().filter_map(|row| {
                let refresh = row.refresh.as_ref()?;
                let sealed = refresh.sealed_successor.clone()?;
                Some(SealedSuccessor { grant: row.id, generation: refresh.generation, sealed })
            });
            let last = looked_at.last().filter(|_| looked_at.len() == limit).map(|row| row.id);
            Ok((sealed.collect(), last))
        })
        .await
    }

    async fn reseal_successor(
        &self,
        instance: &InstanceId,
        before: &SealedSuccessor,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let (grant, before, anew) = (before.grant, before.clone(), anew.to_vec());
        let reseal = move |row: &mut Option<GrantRow>| {
            let refresh = row.as_mut().and_then(|row| row.refresh.as_mut());
            let same = refresh.filter(|refresh| {
                refresh.generation == before.generation
                    && refresh.sealed_successor.as_ref() == Some(&before.sealed)
            });
            same.map(|refresh| refresh.sealed_successor = Some(anew)).is_some()
        };
        self.step(instance, grant, reseal).await
    }

    async fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        let revoke = move |row: &mut Option<GrantRow>| row.iter_mut().for_each(|row| end(row, at));
        self.step(instance, grant, revoke).await
    }

    async fn revoke_grants_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: Option<&ClientId>,
        at: Timestamp,
    ) -> Result<u64, SeamError> {
        let (instance, subject, client_id) = (instance.clone(), subject.clone(), client_id.cloned());
        self.with(move |book| {
            let meant = |row: &GrantRow| {
                row.revoked_at.is_none()
                    && row.terms.subject == subject
                    && client_id.as_ref().is_none_or(|client_id| row.terms.client_id == *client_id)
            };
            let standing = book.grants.iter().filter(|((own, _), row)| *own == instance && meant(row));
            let mut ended: Vec<GrantRow> = standing.map(|(_, row)| row.clone()).collect();
            let mut lines = Vec::new();
            for row in &mut ended {
                end(row, at);
                lines.extend(line(&instance, row).map_err(|fault| SeamError::broken(PART, fault))?);
            }
            book.append(&lines)?;
            let revoked = ended.len() as u64;
            book.grants.extend(ended.into_iter().map(|row| ((instance.clone(), row.id), row)));
            Ok(revoked)
        })
        .await
    }
}

/// Revoked the first time that somebody says so.
fn end(row: &mut GrantRow, at: Timestamp) {
    if row.revoked_at.is_none() {
        (row.revoked_at, row.needed_until) = (Some(at), Some(at));
    }
    if let Some(refresh) = &mut row.refresh {
        refresh.sealed_successor = None;
    }
}

/// Without the file there are no grants, so `/readyz` asks it.
#[async_trait::async_trait]
impl Readiness for Journal {
    async fn ready(&self) -> Result<(), SeamError> {
        self.with(|book| book.file.sync_data().map_err(|fault| SeamError::unavailable(PART, fault))).await
    }
}

const PART: &str = "journal";
