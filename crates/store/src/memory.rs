//! Feature `memory`: a store that forgets everything at the end of the process, and the model by which
//! the others are judged.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use grantway_core::account::Account;
use grantway_core::api_key::{ApiKey, ApiKeyHolder};
use grantway_core::client::Client;
use grantway_core::digest::TokenDigest;
use grantway_core::ids::{ApiKeyId, ClientId, GrantId, InstanceId, KeyId, ProjectId, SessionId, Subject};
use grantway_core::project::Project;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Claimed, KeptKey, PasswordChange, SeamError};
use grantway_core::session::Session;
use grantway_core::time::Timestamp;

use crate::traits::{
    AccountRow, AccountStore, ApiKeyRow, ApiKeyStore, ChangeStore, ClientStore, CodeSpend, ConsentRow,
    ConsentStore, GrantRow, GrantStore, Insert, InstanceStore, Pace, ProjectStore, ReadinessStore,
    RefreshRow, RefreshSwap, ReplayStore, SealedSuccessor, SecretRow, SecretStore, SessionStore,
    SigningKeyStore, Spend, Swap, SweepStore, SweptGrants, ThrottleStore, Turn,
};

/// Every table under one lock: each verb is one step because nothing else happens meanwhile.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    instance: Option<InstanceId>,
    accounts: BTreeMap<(InstanceId, Subject), AccountRow>,
    api_keys: BTreeMap<(InstanceId, ApiKeyId), ApiKeyRow>,
    changes: BTreeMap<InstanceId, i64>,
    clients: BTreeMap<(InstanceId, ClientId), Client>,
    consents: Vec<(InstanceId, ConsentRow)>,
    grants: BTreeMap<(InstanceId, GrantId), GrantRow>,
    keys: BTreeMap<(InstanceId, &'static str, i64), KeptKey>,
    projects: BTreeMap<(InstanceId, ProjectId), Project>,
    replay: BTreeMap<(InstanceId, [u8; 32]), Timestamp>,
    replays_swept_until: BTreeMap<InstanceId, Timestamp>,
    secrets: BTreeMap<(InstanceId, String), Vec<u8>>,
    sessions: BTreeMap<(InstanceId, [u8; 32]), Session>,
    throttles: BTreeMap<(InstanceId, [u8; 32]), Timestamp>,
}

impl MemoryStore {
    fn tables(&self) -> Result<MutexGuard<'_, Tables>, SeamError> {
        self.0.lock().map_err(|_| SeamError::broken("memory store", "a thread panicked while it wrote"))
    }
}

impl GrantStore for MemoryStore {
    async fn insert_grant(&self, instance: &InstanceId, row: &GrantRow) -> Result<Insert, SeamError> {
        let mut tables = self.tables()?;
        let key = (instance.clone(), row.id);
        if tables.grants.contains_key(&key) {
            return Ok(Insert::Taken);
        }
        tables.grants.insert(key, row.clone());
        Ok(Insert::Done)
    }

    async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        let mut tables = self.tables()?;
        let Some(row) = tables.grants.get_mut(&(instance.clone(), grant)) else {
            return Ok(Spend::Unchanged(None));
        };
        let good = row.code.digest == spend.code
            && row.code.spent_at.is_none()
            && row.code.expires_at > spend.at
            && row.revoked_at.is_none();
        if !good {
            return Ok(Spend::Unchanged(Some(Box::new(row.clone()))));
        }
        row.code.spent_at = Some(spend.at);
        row.needed_until =
            if row.terms.refreshable { spend.refresh.needed_until } else { Some(spend.needed_until) };
        row.refresh = row.terms.refreshable.then_some(RefreshRow {
            family: spend.refresh.family,
            current: spend.refresh.token,
            previous: None,
            generation: 1,
            expires_at: spend.refresh.expires_at,
            grace_until: None,
            sealed_successor: None,
        });
        Ok(Spend::First(Box::new(row.clone())))
    }

    async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        let mut tables = self.tables()?;
        let Some(row) = tables.grants.get_mut(&(instance.clone(), grant)) else {
            return Ok(Swap::Unchanged(None));
        };
        let unchanged = Swap::Unchanged(Some(Box::new(row.clone())));
        let young = swap.given_after.is_none_or(|after| row.created_at > after);
        let good = row.terms.client_id == swap.client_id && row.revoked_at.is_none() && young;
        let Some(refresh) = row.refresh.as_mut().filter(|refresh| {
            good && refresh.current == swap.presented && refresh.expires_at.is_none_or(|end| end > swap.at)
        }) else {
            return Ok(unchanged);
        };
        refresh.previous = Some(refresh.current);
        refresh.current = swap.successor;
        refresh.generation += 1;
        refresh.expires_at = swap.expires_at;
        refresh.grace_until = swap.grace_until;
        refresh.sealed_successor.clone_from(&swap.sealed_successor);
        row.needed_until = swap.needed_until;
        Ok(Swap::Done(Box::new(row.clone())))
    }

    async fn find_grant(&self, instance: &InstanceId, grant: GrantId) -> Result<Option<GrantRow>, SeamError> {
        Ok(self.tables()?.grants.get(&(instance.clone(), grant)).cloned())
    }

    async fn sealed_successors(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        limit: u32,
    ) -> Result<(Vec<SealedSuccessor>, Option<GrantId>), SeamError> {
        let tables = self.tables()?;
        let next = tables.grants.iter().filter(|((own, id), _)| own == instance && Some(*id) > after);
        let looked_at: Vec<_> = next.take(rows(limit)).map(|((_, id), row)| (*id, row)).collect();
        let sealed = |(grant, row): &(GrantId, &GrantRow)| {
            let refresh = row.refresh.as_ref()?;
            let sealed = refresh.sealed_successor.clone()?;
            Some(SealedSuccessor { grant: *grant, generation: refresh.generation, sealed })
        };
        let full = looked_at.len() == rows(limit);
        let last = looked_at.last().filter(|_| full).map(|(id, _)| *id);
        Ok((looked_at.iter().filter_map(sealed).collect(), last))
    }

    async fn reseal_successor(
        &self,
        instance: &InstanceId,
        before: &SealedSuccessor,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        let row = tables.grants.get_mut(&(instance.clone(), before.grant));
        let refresh = row.and_then(|row| row.refresh.as_mut());
        let place = refresh.filter(|refresh| refresh.generation == before.generation);
        Ok(replaced(place.and_then(|refresh| refresh.sealed_successor.as_mut()), &before.sealed, anew))
    }

    async fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        if let Some(row) = self.tables()?.grants.get_mut(&(instance.clone(), grant)) {
            if row.revoked_at.is_none() {
                row.revoked_at = Some(at);
                row.needed_until = Some(at);
            }
            if let Some(refresh) = &mut row.refresh {
                refresh.sealed_successor = None;
            }
        }
        Ok(())
    }

    async fn revoke_grants_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: Option<&ClientId>,
        at: Timestamp,
    ) -> Result<u64, SeamError> {
        let mut revoked = 0;
        for ((own, _), row) in &mut self.tables()?.grants {
            let meant = own == instance
                && row.terms.subject == *subject
                && client_id.is_none_or(|client_id| row.terms.client_id == *client_id);
            if meant && row.revoked_at.is_none() {
                (row.revoked_at, row.needed_until) = (Some(at), Some(at));
                if let Some(refresh) = &mut row.refresh {
                    refresh.sealed_successor = None;
                }
                revoked += 1;
            }
        }
        Ok(revoked)
    }
}

impl ClientStore for MemoryStore {
    async fn find_client(
        &self,
        instance: &InstanceId,
        client_id: &ClientId,
    ) -> Result<Option<Client>, SeamError> {
        Ok(self.tables()?.clients.get(&(instance.clone(), client_id.clone())).cloned())
    }

    async fn put_client(
        &self,
        instance: &InstanceId,
        client: &Client,
        _at: Timestamp,
    ) -> Result<(), SeamError> {
        let mut tables = self.tables()?;
        *tables.changes.entry(instance.clone()).or_default() += 1;
        tables.clients.insert((instance.clone(), client.client_id.clone()), client.clone());
        Ok(())
    }

    async fn next_clients(
        &self,
        instance: &InstanceId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, SeamError> {
        let tables = self.tables()?;
        let next =
            tables.clients.iter().filter(|((own, client_id), _)| own == instance && Some(client_id) > after);
        Ok(next.take(rows(limit)).map(|(_, client)| client.clone()).collect())
    }

    async fn replace_client(
        &self,
        instance: &InstanceId,
        before: &Client,
        anew: &Client,
        _at: Timestamp,
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        *tables.changes.entry(instance.clone()).or_default() += 1;
        let standing = tables.clients.get_mut(&(instance.clone(), anew.client_id.clone()));
        let Some(standing) = standing.filter(|standing| *standing == before) else { return Ok(false) };
        standing.clone_from(anew);
        Ok(true)
    }

    async fn any_client(&self, instance: &InstanceId) -> Result<bool, SeamError> {
        Ok(self.tables()?.clients.keys().any(|(own, _)| own == instance))
    }
}

impl ChangeStore for MemoryStore {
    async fn changes(&self, instance: &InstanceId) -> Result<i64, SeamError> {
        Ok(self.tables()?.changes.get(instance).copied().unwrap_or_default())
    }
}

impl AccountStore for MemoryStore {
    async fn insert_account(&self, instance: &InstanceId, row: &AccountRow) -> Result<Insert, SeamError> {
        let mut tables = self.tables()?;
        let taken = tables.accounts.iter().any(|((own, subject), other)| {
            own == instance
                && (*subject == row.account.subject
                    || other.username == row.username
                    || (row.email.is_some() && other.email == row.email))
        });
        if taken {
            return Ok(Insert::Taken);
        }
        tables.accounts.insert((instance.clone(), row.account.subject.clone()), row.clone());
        Ok(Insert::Done)
    }

    async fn find_account(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> Result<Option<AccountRow>, SeamError> {
        Ok(self.tables()?.accounts.get(&(instance.clone(), subject.clone())).cloned())
    }

    async fn find_account_by_identifier(
        &self,
        instance: &InstanceId,
        identifier: &str,
    ) -> Result<Option<AccountRow>, SeamError> {
        let tables = self.tables()?;
        let found = tables.accounts.iter().find(|((own, _), row)| {
            own == instance && (row.username == identifier || row.email.as_deref() == Some(identifier))
        });
        Ok(found.map(|(_, row)| row.clone()))
    }

    async fn swap_password(
        &self,
        instance: &InstanceId,
        PasswordChange { subject, before, after }: PasswordChange<'_>,
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        *tables.changes.entry(instance.clone()).or_default() += 1;
        let row = tables.accounts.get_mut(&(instance.clone(), subject.clone()));
        let place = row.map(|row| &mut row.password_hash).filter(|hash| hash.as_ref() == before);
        Ok(place.map(|hash| *hash = Some(after.clone())).is_some())
    }

    async fn swap_account(
        &self,
        instance: &InstanceId,
        before: &Account,
        after: &Account,
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        *tables.changes.entry(instance.clone()).or_default() += 1;
        let row = tables.accounts.get_mut(&(instance.clone(), before.subject.clone()));
        let place = row.map(|row| &mut row.account).filter(|account| *account == before);
        Ok(place.map(|account| account.clone_from(after)).is_some())
    }

    async fn any_account(&self, instance: &InstanceId) -> Result<bool, SeamError> {
        Ok(self.tables()?.accounts.keys().any(|(own, _)| own == instance))
    }
}

impl ConsentStore for MemoryStore {
    async fn recall_consent(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<ScopeSet, SeamError> {
        let rows = self.consents_of(instance, subject).await?;
        let own = rows.iter().filter(|row| row.client_id == *client_id);
        Ok(own.fold(ScopeSet::empty(), |agreed, row| agreed.union(&row.scope)))
    }

    async fn add_consent(&self, instance: &InstanceId, consent: &ConsentRow) -> Result<(), SeamError> {
        let mut tables = self.tables()?;
        let new = {
            let known = tables.consents.iter().filter(|(own, row)| {
                own == instance && row.subject == consent.subject && row.client_id == consent.client_id
            });
            known.fold(consent.scope.clone(), |new, (_, row)| new.without(&row.scope))
        };
        if !new.is_empty() {
            tables.consents.push((instance.clone(), ConsentRow { scope: new, ..consent.clone() }));
        }
        Ok(())
    }

    async fn consents_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> Result<Vec<ConsentRow>, SeamError> {
        let tables = self.tables()?;
        let own = tables.consents.iter().filter(|(own, row)| own == instance && row.subject == *subject);
        Ok(own.map(|(_, row)| row.clone()).collect())
    }

    async fn delete_consents(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<u64, SeamError> {
        let consents = &mut self.tables()?.consents;
        let before = consents.len();
        consents
            .retain(|(own, row)| own != instance || row.subject != *subject || row.client_id != *client_id);
        Ok(u64::try_from(before - consents.len()).unwrap_or(u64::MAX))
    }
}

impl SessionStore for MemoryStore {
    async fn insert_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
        session: &Session,
    ) -> Result<(), SeamError> {
        self.tables()?.sessions.insert((instance.clone(), *cookie.as_bytes()), session.clone());
        Ok(())
    }

    async fn find_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
    ) -> Result<Option<Session>, SeamError> {
        Ok(self.tables()?.sessions.get(&(instance.clone(), *cookie.as_bytes())).cloned())
    }

    async fn delete_session(&self, instance: &InstanceId, cookie: &TokenDigest) -> Result<(), SeamError> {
        self.tables()?.sessions.remove(&(instance.clone(), *cookie.as_bytes()));
        Ok(())
    }

    async fn delete_sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        except: Option<&SessionId>,
    ) -> Result<u64, SeamError> {
        let sessions = &mut self.tables()?.sessions;
        let before = sessions.len();
        sessions.retain(|(own, _), session| {
            own != instance || session.subject != *subject || Some(&session.sid) == except
        });
        Ok(u64::try_from(before - sessions.len()).unwrap_or(u64::MAX))
    }

    async fn sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Session>, SeamError> {
        let tables = self.tables()?;
        let own = tables.sessions.iter().filter(|((own, _), _)| own == instance).map(|(_, session)| session);
        let alive = own.filter(|session| session.subject == *subject && session.expires_at > at);
        let mut alive: Vec<_> = alive.cloned().collect();
        alive.sort_by_key(|session| Reverse(session.auth_time));
        alive.truncate(rows(limit));
        Ok(alive)
    }

    async fn delete_session_named(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        sid: &SessionId,
    ) -> Result<u64, SeamError> {
        let sessions = &mut self.tables()?.sessions;
        let before = sessions.len();
        sessions.retain(|(own, _), session| {
            own != instance || session.subject != *subject || session.sid != *sid
        });
        Ok(u64::try_from(before - sessions.len()).unwrap_or(u64::MAX))
    }
}

impl ReplayStore for MemoryStore {
    async fn claim_once(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
        at: Timestamp,
    ) -> Result<Claimed, SeamError> {
        let mut tables = self.tables()?;
        let key = (instance.clone(), *value.as_bytes());
        if tables.replays_swept_until.get(instance).is_some_and(|swept| expires_at <= *swept) {
            return Ok(Claimed::Again);
        }
        if tables.replay.get(&key).is_some_and(|end| *end > at) {
            return Ok(Claimed::Again);
        }
        tables.replay.insert(key, expires_at);
        Ok(Claimed::First)
    }

    async fn is_claimed(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
    ) -> Result<bool, SeamError> {
        let tables = self.tables()?;
        let swept = tables.replays_swept_until.get(instance).is_some_and(|swept| expires_at <= *swept);
        Ok(swept || tables.replay.contains_key(&(instance.clone(), *value.as_bytes())))
    }
}

impl SweepStore for MemoryStore {
    async fn sweep_grants(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<SweptGrants, SeamError> {
        let mut tables = self.tables()?;
        let next = |((own, id), _): &(&(InstanceId, GrantId), _)| own == instance && Some(*id) > after;
        let looked_at: Vec<_> =
            tables.grants.iter().filter(next).take(rows(limit)).map(|(key, _)| key.clone()).collect();
        let mut swept = SweptGrants::default();
        for key in &looked_at {
            let Some(row) = tables.grants.get_mut(key) else { continue };
            if row.needed_until.is_some_and(|until| until <= at) {
                tables.grants.remove(key);
                swept.removed += 1;
            } else if let Some(refresh) = &mut row.refresh
                && refresh.sealed_successor.is_some()
                && refresh.grace_until.is_some_and(|end| end <= at)
            {
                refresh.sealed_successor = None;
                swept.wiped += 1;
            }
        }
        let full = looked_at.len() == rows(limit);
        swept.last = looked_at.last().filter(|_| full).map(|(_, id)| *id);
        Ok(swept)
    }

    async fn sweep_sessions(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        let mut tables = self.tables()?;
        Ok(count(&taken_out(&mut tables.sessions, instance, limit, |session| session.expires_at <= at)))
    }

    async fn sweep_replays(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        let mut tables = self.tables()?;
        let ends = taken_out(&mut tables.replay, instance, limit, |end| *end <= at);
        if let Some(last) = ends.iter().max() {
            let swept = tables.replays_swept_until.entry(instance.clone()).or_insert(*last);
            *swept = (*swept).max(*last);
        }
        Ok(count(&ends))
    }

    async fn sweep_throttles(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        let mut tables = self.tables()?;
        Ok(count(&taken_out(&mut tables.throttles, instance, limit, |until| *until <= at)))
    }
}

impl ThrottleStore for MemoryStore {
    async fn take_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
        at: Timestamp,
    ) -> Result<Turn, SeamError> {
        let mut tables = self.tables()?;
        let until = tables.throttles.entry((instance.clone(), *target.as_bytes())).or_insert(at);
        let ahead = until.seconds_since(at);
        let ahead = if (0..=pace.impossible()).contains(&ahead) { ahead } else { 0 };
        if ahead > pace.last() {
            return Ok(Turn::TakenUntil(*until));
        }
        *until = Timestamp::from_unix(at.unix() + ahead + pace.interval);
        Ok(Turn::Taken)
    }

    async fn return_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
    ) -> Result<(), SeamError> {
        if let Some(until) = self.tables()?.throttles.get_mut(&(instance.clone(), *target.as_bytes())) {
            *until = Timestamp::from_unix(until.unix() - pace.interval);
        }
        Ok(())
    }
}

/// Removes at most so many that are over, and returns them.
fn taken_out<V>(
    table: &mut BTreeMap<(InstanceId, [u8; 32]), V>,
    instance: &InstanceId,
    limit: u32,
    is_over: impl Fn(&V) -> bool,
) -> Vec<V> {
    let over = table.iter().filter(|((own, _), row)| own == instance && is_over(row));
    let keys: Vec<_> = over.take(rows(limit)).map(|(key, _)| key.clone()).collect();
    keys.into_iter().filter_map(|key| table.remove(&key)).collect()
}

fn count<V>(rows: &[V]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

fn rows(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl SigningKeyStore for MemoryStore {
    async fn load_signing_keys(&self, instance: &InstanceId) -> Result<Vec<KeptKey>, SeamError> {
        let tables = self.tables()?;
        let own = tables.keys.iter().filter(|((own, ..), _)| own == instance);
        Ok(own.map(|(_, key)| key.clone()).collect())
    }

    async fn insert_signing_key(&self, instance: &InstanceId, key: &KeptKey) -> Result<Insert, SeamError> {
        let mut tables = self.tables()?;
        let place = (instance.clone(), key.algorithm.as_str(), key.generation);
        if tables.keys.contains_key(&place) {
            return Ok(Insert::Taken);
        }
        tables.keys.insert(place, key.clone());
        Ok(Insert::Done)
    }

    async fn reseal_signing_key(
        &self,
        instance: &InstanceId,
        kid: &KeyId,
        before: &[u8],
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        let mut keys = tables.keys.iter_mut();
        let place = keys.find(|((own, ..), key)| own == instance && key.kid == *kid);
        Ok(replaced(place.map(|(_, key)| &mut key.sealed), before, anew))
    }

    async fn delete_signing_key(&self, instance: &InstanceId, kid: &KeyId) -> Result<(), SeamError> {
        self.tables()?.keys.retain(|(own, ..), key| own != instance || key.kid != *kid);
        Ok(())
    }
}

impl SecretStore for MemoryStore {
    async fn load_secrets(&self, instance: &InstanceId) -> Result<Vec<SecretRow>, SeamError> {
        let tables = self.tables()?;
        let own = tables.secrets.iter().filter(|((own, _), _)| own == instance);
        Ok(own.map(|((_, name), sealed)| SecretRow { name: name.clone(), sealed: sealed.clone() }).collect())
    }

    async fn insert_secret(
        &self,
        instance: &InstanceId,
        row: &SecretRow,
        _at: Timestamp,
    ) -> Result<Insert, SeamError> {
        let mut tables = self.tables()?;
        let place = (instance.clone(), row.name.clone());
        if tables.secrets.contains_key(&place) {
            return Ok(Insert::Taken);
        }
        tables.secrets.insert(place, row.sealed.clone());
        Ok(Insert::Done)
    }

    async fn reseal_secret(
        &self,
        instance: &InstanceId,
        before: &SecretRow,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        let place = tables.secrets.get_mut(&(instance.clone(), before.name.clone()));
        Ok(replaced(place, &before.sealed, anew))
    }
}

fn replaced(place: Option<&mut Vec<u8>>, before: &[u8], anew: &[u8]) -> bool {
    place.filter(|sealed| *sealed == before).map(|sealed| *sealed = anew.to_vec()).is_some()
}

impl ProjectStore for MemoryStore {
    async fn put_project(&self, instance: &InstanceId, project: &Project) -> Result<(), SeamError> {
        let mut tables = self.tables()?;
        let place = tables.projects.entry((instance.clone(), project.id.clone()));
        place.or_insert_with(|| project.clone()).name.clone_from(&project.name);
        Ok(())
    }

    async fn find_project(
        &self,
        instance: &InstanceId,
        id: &ProjectId,
    ) -> Result<Option<Project>, SeamError> {
        Ok(self.tables()?.projects.get(&(instance.clone(), id.clone())).cloned())
    }

    async fn projects(&self, instance: &InstanceId) -> Result<Vec<Project>, SeamError> {
        let tables = self.tables()?;
        let own = tables.projects.iter().filter(|((own, _), _)| own == instance);
        let mut projects: Vec<_> = own.map(|(_, project)| project.clone()).collect();
        projects.sort_by_key(|project| project.created_at);
        Ok(projects)
    }
}

impl ApiKeyStore for MemoryStore {
    async fn put_api_key(&self, instance: &InstanceId, row: &ApiKeyRow) -> Result<bool, SeamError> {
        let mut tables = self.tables()?;
        if let ApiKeyHolder::Project(project) = &row.key.holder
            && !tables.projects.contains_key(&(instance.clone(), project.clone()))
        {
            return Ok(false);
        }
        let place = (instance.clone(), row.key.id.clone());
        let mut row = row.clone();
        if let Some(before) = tables.api_keys.get(&place) {
            row.key.created_at = before.key.created_at;
            row.key.last_used_at = before.key.last_used_at;
        }
        tables.api_keys.insert(place, row);
        Ok(true)
    }

    async fn find_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
    ) -> Result<Option<ApiKeyRow>, SeamError> {
        Ok(self.tables()?.api_keys.get(&(instance.clone(), id.clone())).cloned())
    }

    async fn api_keys_of(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
    ) -> Result<Vec<ApiKey>, SeamError> {
        let tables = self.tables()?;
        let own =
            tables.api_keys.iter().filter(|((own, _), row)| own == instance && row.key.holder == *holder);
        let mut keys: Vec<_> = own.map(|(_, row)| row.key.clone()).collect();
        keys.sort_by_key(|key| key.created_at);
        Ok(keys)
    }

    async fn touch_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
        at: Timestamp,
        before: Timestamp,
    ) -> Result<(), SeamError> {
        if let Some(row) = self.tables()?.api_keys.get_mut(&(instance.clone(), id.clone()))
            && row.key.last_used_at.is_none_or(|last| last <= before)
        {
            row.key.last_used_at = Some(at);
        }
        Ok(())
    }

    async fn delete_api_key(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
        id: &ApiKeyId,
    ) -> Result<bool, SeamError> {
        let keys = &mut self.tables()?.api_keys;
        let place = (instance.clone(), id.clone());
        if keys.get(&place).is_none_or(|row| row.key.holder != *holder) {
            return Ok(false);
        }
        Ok(keys.remove(&place).is_some())
    }

    async fn delete_declared_api_keys(
        &self,
        instance: &InstanceId,
        declared_as: &str,
        except: &ApiKeyId,
    ) -> Result<(), SeamError> {
        self.tables()?.api_keys.retain(|(own, id), row| {
            own != instance || id == except || row.declared_as.as_deref() != Some(declared_as)
        });
        Ok(())
    }
}

impl InstanceStore for MemoryStore {
    async fn settle_instance(&self, proposed: &InstanceId, _at: Timestamp) -> Result<InstanceId, SeamError> {
        Ok(self.tables()?.instance.get_or_insert_with(|| proposed.clone()).clone())
    }
}

impl ReadinessStore for MemoryStore {
    async fn ready(&self) -> Result<(), SeamError> {
        self.tables().map(drop)
    }
}
