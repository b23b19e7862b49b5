use grantway_core::digest::TokenDigest;
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Claimed, SeamError};
use grantway_core::time::Timestamp;
use grantway_store::traits::ReplayStore;

use crate::SeaStore;
use crate::row::{digest_value, row, statement};

impl ReplayStore for SeaStore {
    async fn claim_once(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
        at: Timestamp,
    ) -> Result<Claimed, SeamError> {
        let statement = statement(
            "INSERT INTO replay (instance, value_digest, expires_at) SELECT $1, $2, $3 \
             WHERE NOT EXISTS (SELECT 1 FROM replay_horizon WHERE instance = $1 AND swept_until >= $3) \
             ON CONFLICT (instance, value_digest) \
             DO UPDATE SET expires_at = excluded.expires_at WHERE replay.expires_at <= $4",
            [instance.as_str().into(), digest_value(value), expires_at.unix().into(), at.unix().into()],
        );
        Ok(if self.writer.execute(statement).await? == 1 { Claimed::First } else { Claimed::Again })
    }

    async fn is_claimed(
        &self,
        instance: &InstanceId,
        value: &TokenDigest,
        expires_at: Timestamp,
    ) -> Result<bool, SeamError> {
        let look = statement(
            "SELECT 1 FROM replay WHERE instance = $1 AND value_digest = $2 \
             UNION ALL SELECT 1 FROM replay_horizon WHERE instance = $1 AND swept_until >= $3 LIMIT 1",
            [instance.as_str().into(), digest_value(value), expires_at.unix().into()],
        );
        Ok(row(&self.reader, look).await?.is_some())
    }
}
