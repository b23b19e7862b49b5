use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{Insert, SecretRow, SecretStore};

use crate::SeaStore;
use crate::row::{plain, rows, statement};

impl SecretStore for SeaStore {
    async fn load_secrets(&self, instance: &InstanceId) -> Result<Vec<SecretRow>, SeamError> {
        let statement = statement(
            "SELECT name, sealed FROM secret WHERE instance = $1 ORDER BY name",
            [instance.as_str().into()],
        );
        let read = |row| Ok(SecretRow { name: plain(&row, "name")?, sealed: plain(&row, "sealed")? });
        rows(&self.reader, statement).await?.into_iter().map(read).collect()
    }

    async fn insert_secret(
        &self,
        instance: &InstanceId,
        row: &SecretRow,
        at: Timestamp,
    ) -> Result<Insert, SeamError> {
        let SecretRow { name, sealed } = row;
        let statement = statement(
            "INSERT INTO secret (instance, name, sealed, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (instance, name) DO NOTHING",
            [instance.as_str().into(), name.clone().into(), sealed.clone().into(), at.unix().into()],
        );
        Ok(if self.writer.execute(statement).await? == 1 { Insert::Done } else { Insert::Taken })
    }

    async fn reseal_secret(
        &self,
        instance: &InstanceId,
        before: &SecretRow,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let SecretRow { name, sealed } = before;
        let statement = statement(
            "UPDATE secret SET sealed = $4 WHERE instance = $1 AND name = $2 AND sealed = $3",
            [instance.as_str().into(), name.clone().into(), sealed.clone().into(), anew.to_vec().into()],
        );
        Ok(self.writer.execute(statement).await? == 1)
    }
}
