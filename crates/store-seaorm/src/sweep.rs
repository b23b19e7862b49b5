use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{SweepStore, SweptGrants};

use crate::SeaStore;
use crate::row::{plain, row, statement};

impl SweepStore for SeaStore {
    /// Looks through the primary key with a reader, and troubles the writer only if there is work.
    async fn sweep_grants(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<SweptGrants, SeamError> {
        // No grant has a number below the beginning of time.
        let after = after.map_or(i64::MIN, GrantId::number);
        let stretch = [instance.as_str().into(), after.into(), at.unix().into(), i64::from(limit).into()];
        let Some(found) = row(&self.reader, statement(LOOK, stretch)).await? else {
            return Ok(SweptGrants::default());
        };
        let Some(last) = plain::<Option<i64>>(&found, "last")? else { return Ok(SweptGrants::default()) };
        let work = async |count, change| {
            if plain::<i64>(&found, count)? == 0 {
                return Ok(0);
            }
            let stretch = [instance.as_str().into(), after.into(), last.into(), at.unix().into()];
            self.writer.execute(statement(change, stretch)).await
        };
        Ok(SweptGrants {
            removed: work("not_needed", REMOVE).await?,
            wiped: work("stale", WIPE).await?,
            last: (plain::<i64>(&found, "seen")? == i64::from(limit)).then(|| GrantId::from_number(last)),
        })
    }

    async fn sweep_sessions(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        self.remove(ANY_SESSION, REMOVE_SESSIONS, Over { instance, at, limit }).await
    }

    /// First it is written down until when claims are refused, then they go: whoever dies in between has
    /// refused only what was refused before.
    async fn sweep_replays(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        let values = [instance.as_str().into(), at.unix().into(), i64::from(limit).into()];
        let Some(found) = row(&self.reader, statement(LAST_REPLAY, values)).await? else { return Ok(0) };
        let Some(last) = plain::<Option<i64>>(&found, "last")? else { return Ok(0) };
        let horizon = statement(RAISE_HORIZON, [instance.as_str().into(), last.into()]);
        self.writer.execute(horizon).await?;
        let values = [instance.as_str().into(), last.into(), i64::from(limit).into()];
        self.writer.execute(statement(REMOVE_REPLAYS, values)).await
    }

    async fn sweep_throttles(
        &self,
        instance: &InstanceId,
        at: Timestamp,
        limit: u32,
    ) -> Result<u64, SeamError> {
        self.remove(ANY_THROTTLE, REMOVE_THROTTLES, Over { instance, at, limit }).await
    }
}

/// What was over by then, and no more than so many.
struct Over<'a> {
    instance: &'a InstanceId,
    at: Timestamp,
    limit: u32,
}

impl SeaStore {
    /// A reader looks whether there is any, so that the writer is troubled only if there is work.
    async fn remove(&self, any: &str, remove: &str, over: Over<'_>) -> Result<u64, SeamError> {
        let Over { instance, at, limit } = over;
        let values = [instance.as_str().into(), at.unix().into(), i64::from(limit).into()];
        if row(&self.reader, statement(any, values[..2].iter().cloned())).await?.is_none() {
            return Ok(0);
        }
        self.writer.execute(statement(remove, values)).await
    }
}

const LOOK: &str = "\
SELECT MAX(grant_id) AS last, COUNT(*) AS seen,
  COUNT(CASE WHEN needed_until <= $3 THEN 1 END) AS not_needed,
  COUNT(CASE WHEN refresh_successor IS NOT NULL AND refresh_grace_until <= $3 THEN 1 END) AS stale
FROM (
  SELECT grant_id, needed_until, refresh_successor, refresh_grace_until FROM oauth_grant
  WHERE instance = $1 AND grant_id > $2 ORDER BY grant_id LIMIT $4) AS stretch";

const REMOVE: &str = "\
DELETE FROM oauth_grant
WHERE instance = $1 AND grant_id > $2 AND grant_id <= $3 AND needed_until <= $4";

const WIPE: &str = "\
UPDATE oauth_grant SET refresh_successor = NULL
WHERE instance = $1 AND grant_id > $2 AND grant_id <= $3
  AND refresh_successor IS NOT NULL AND refresh_grace_until <= $4";

const ANY_SESSION: &str = "SELECT 1 FROM session WHERE instance = $1 AND expires_at <= $2 LIMIT 1";

const REMOVE_SESSIONS: &str = "\
DELETE FROM session WHERE instance = $1 AND cookie_digest IN (
  SELECT cookie_digest FROM session WHERE instance = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3)";

const LAST_REPLAY: &str = "\
SELECT MAX(expires_at) AS last FROM (
  SELECT expires_at FROM replay
  WHERE instance = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3) AS stretch";

const RAISE_HORIZON: &str = "\
INSERT INTO replay_horizon (instance, swept_until) VALUES ($1, $2)
ON CONFLICT (instance) DO UPDATE SET swept_until = excluded.swept_until
WHERE replay_horizon.swept_until < excluded.swept_until";

const REMOVE_REPLAYS: &str = "\
DELETE FROM replay WHERE instance = $1 AND value_digest IN (
  SELECT value_digest FROM replay WHERE instance = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3)";

const ANY_THROTTLE: &str = "SELECT 1 FROM throttle WHERE instance = $1 AND taken_until <= $2 LIMIT 1";

/// The second look at the end: it may have been taken again since the first.
const REMOVE_THROTTLES: &str = "\
DELETE FROM throttle WHERE instance = $1 AND taken_until <= $2 AND target_digest IN (
  SELECT target_digest FROM throttle WHERE instance = $1 AND taken_until <= $2
  ORDER BY taken_until LIMIT $3)";
