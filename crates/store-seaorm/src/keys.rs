use grantway_core::ids::InstanceId;
use grantway_core::seam::{KeptKey, SeamError};
use grantway_store::traits::{Insert, SigningKeyStore};

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{parsed, plain, rows, statement, time};

impl SigningKeyStore for SeaStore {
    async fn load_signing_keys(&self, instance: &InstanceId) -> Result<Vec<KeptKey>, SeamError> {
        let statement = statement(
            "SELECT algorithm, generation, kid, sealed, created_at FROM signing_key \
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
            })
        };
        rows(&self.reader, statement).await?.into_iter().map(read).collect()
    }

    async fn insert_signing_key(&self, instance: &InstanceId, key: &KeptKey) -> Result<Insert, SeamError> {
        let KeptKey { algorithm, generation, kid, sealed, created_at } = key;
        let statement = statement(
            "INSERT INTO signing_key (instance, algorithm, generation, kid, sealed, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            [
                instance.as_str().into(),
                algorithm.as_str().into(),
                (*generation).into(),
                kid.as_str().into(),
                sealed.clone().into(),
                created_at.unix().into(),
            ],
        );
        Ok(if self.writer.execute(statement).await? == 1 { Insert::Done } else { Insert::Taken })
    }
}
