use grantway_core::digest::TokenDigest;
use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{Pace, ThrottleStore, Turn};

use crate::SeaStore;
use crate::row::{digest_value, row, statement, time};

impl ThrottleStore for SeaStore {
    async fn take_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
        at: Timestamp,
    ) -> Result<Turn, SeamError> {
        let take = statement(
            TAKE,
            [
                instance.as_str().into(),
                digest_value(target),
                at.unix().into(),
                pace.interval.into(),
                pace.last().into(),
                pace.impossible().into(),
            ],
        );
        if self.writer.execute(take).await? == 1 {
            return Ok(Turn::Taken);
        }
        let look = statement(
            "SELECT taken_until FROM throttle WHERE instance = $1 AND target_digest = $2",
            [instance.as_str().into(), digest_value(target)],
        );
        // It may have been swept since.
        let until = row(&self.reader, look).await?.map_or(Ok(at), |row| time(&row, "taken_until"))?;
        Ok(Turn::TakenUntil(until))
    }

    async fn return_turn(
        &self,
        instance: &InstanceId,
        target: &TokenDigest,
        pace: Pace,
    ) -> Result<(), SeamError> {
        let give_back = statement(
            "UPDATE throttle SET taken_until = taken_until - $3 WHERE instance = $1 AND target_digest = $2",
            [instance.as_str().into(), digest_value(target), pace.interval.into()],
        );
        self.writer.execute(give_back).await.map(drop)
    }
}

/// Where somebody is further ahead than is possible, nothing has been taken.
const TAKE: &str = "\
INSERT INTO throttle (instance, target_digest, taken_until) VALUES ($1, $2, $3 + $4)
ON CONFLICT (instance, target_digest) DO UPDATE SET taken_until = $4 + CASE
  WHEN throttle.taken_until > $3 AND throttle.taken_until <= $3 + $6 THEN throttle.taken_until ELSE $3 END
WHERE throttle.taken_until <= $3 + $5 OR throttle.taken_until > $3 + $6";
