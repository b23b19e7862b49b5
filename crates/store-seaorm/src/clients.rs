use grantway_core::client::Client;
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::ClientStore;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{json, plain, row, rows, statement};

impl ClientStore for SeaStore {
    async fn find_client(
        &self,
        instance: &InstanceId,
        client_id: &ClientId,
    ) -> Result<Option<Client>, SeamError> {
        let statement = statement(FIND, [instance.as_str().into(), client_id.as_str().into()]);
        row(&self.reader, statement).await?.map(|row| json(&row, "document")).transpose()
    }

    async fn put_client(
        &self,
        instance: &InstanceId,
        client: &Client,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        let document = serde_json::to_string(client).map_err(|_| unreadable("document"))?;
        let statement = statement(
            "INSERT INTO client (instance, client_id, document, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (instance, client_id) \
             DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at",
            [instance.as_str().into(), client.client_id.as_str().into(), document.into(), at.unix().into()],
        );
        self.writer.execute_counted(statement).await.map(drop)
    }

    async fn next_clients(
        &self,
        instance: &InstanceId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, SeamError> {
        let statement = statement(
            "SELECT document FROM client WHERE instance = $1 AND client_id > $2 ORDER BY client_id LIMIT $3",
            // Every name comes after an empty one.
            [instance.as_str().into(), after.map_or("", ClientId::as_str).into(), i64::from(limit).into()],
        );
        rows(&self.reader, statement).await?.iter().map(|row| json(row, "document")).collect()
    }

    async fn replace_client(
        &self,
        instance: &InstanceId,
        before: &Client,
        anew: &Client,
        at: Timestamp,
    ) -> Result<bool, SeamError> {
        let look = statement(FIND, [instance.as_str().into(), anew.client_id.as_str().into()]);
        let Some(row) = row(&self.reader, look).await? else { return Ok(false) };
        if json::<Client>(&row, "document")? != *before {
            return Ok(false);
        }
        // As it is written: another release may have written the same application in other words.
        let written: String = plain(&row, "document")?;
        let document = serde_json::to_string(anew).map_err(|_| unreadable("document"))?;
        let statement = statement(
            "UPDATE client SET document = $4, updated_at = $5 \
             WHERE instance = $1 AND client_id = $2 AND document = $3",
            [
                instance.as_str().into(),
                anew.client_id.as_str().into(),
                written.into(),
                document.into(),
                at.unix().into(),
            ],
        );
        Ok(self.writer.execute_counted(statement).await? == 1)
    }

    async fn any_client(&self, instance: &InstanceId) -> Result<bool, SeamError> {
        let look = statement("SELECT 1 FROM client WHERE instance = $1 LIMIT 1", [instance.as_str().into()]);
        Ok(row(&self.reader, look).await?.is_some())
    }
}

const FIND: &str = "SELECT document FROM client WHERE instance = $1 AND client_id = $2";
