use grantway_core::ids::{InstanceId, KeyId};
use grantway_core::seam::{KeptKey, SeamError};
use grantway_store::traits::{Insert, SigningKeyStore};

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{parsed, plain, rows, statement, time, time_option};

impl SigningKeyStore for SeaStore {
    async fn load_signing_keys(&self, instance: &InstanceId) -> Result<Vec<KeptKey>, SeamError> {
        let statement = statement(
            "SELECT algorithm, generation, kid, sealed, created_at, active_from FROM signing_key \
             WHERE instance = $1 ORDER BY algorithm, generation",
            [instance.as_str().into()],
        );
        let read = |row| {
            let algorithm: String = plain(&row, "algorithm")?;
            Ok(KeptKey {
                algorithm: serde_json::from_value(algorithm.into()).map_err(|_| unreadable("algorithm"))?,
                generation: plain(&row, "generation")?,
                kid: parsed(&row, "kid")?,
                sealed: plain(&row, "sealed")?,
                created_at: time(&row, "created_at")?,
                // Before keys rotated they signed from the beginning.
                active_from: match time_option(&row, "active_from")? {
                    Some(from) => from,
                    None => time(&row, "created_at")?,
                },
            })
        };
        rows(&self.reader, statement).await?.into_iter().map(read).collect()
    }

    async fn insert_signing_key(&self, instance: &InstanceId, key: &KeptKey) -> Result<Insert, SeamError> {
        let KeptKey { algorithm, generation, kid, sealed, created_at, active_from } = key;
        let statement = statement(
            "INSERT INTO signing_key \
             (instance, algorithm, generation, kid, sealed, created_at, active_from) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            [
                instance.as_str().into(),
                algorithm.as_str().into(),
                (*generation).into(),
                kid.as_str().into(),
                sealed.clone().into(),
                created_at.unix().into(),
                active_from.unix().into(),
            ],
        );
        Ok(if self.writer.execute(statement).await? == 1 { Insert::Done } else { Insert::Taken })
    }

    async fn reseal_signing_key(
        &self,
        instance: &InstanceId,
        kid: &KeyId,
        before: &[u8],
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let statement = statement(
            "UPDATE signing_key SET sealed = $4 WHERE instance = $1 AND kid = $2 AND sealed = $3",
            [instance.as_str().into(), kid.as_str().into(), before.to_vec().into(), anew.to_vec().into()],
        );
        Ok(self.writer.execute(statement).await? > 0)
    }

    async fn delete_signing_key(&self, instance: &InstanceId, kid: &KeyId) -> Result<(), SeamError> {
        let statement = statement(
            "DELETE FROM signing_key WHERE instance = $1 AND kid = $2",
            [instance.as_str().into(), kid.as_str().into()],
        );
        self.writer.execute(statement).await.map(drop)
    }
}
