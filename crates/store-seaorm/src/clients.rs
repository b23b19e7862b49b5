use grantway_core::client::Client;
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::ClientStore;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{json, row, statement};

impl ClientStore for SeaStore {
    async fn find_client(
        &self,
        instance: &InstanceId,
        client_id: &ClientId,
    ) -> Result<Option<Client>, SeamError> {
        let statement = statement(
            "SELECT document FROM client WHERE instance = $1 AND client_id = $2",
            [instance.as_str().into(), client_id.as_str().into()],
        );
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

    async fn any_client(&self, instance: &InstanceId) -> Result<bool, SeamError> {
        let look = statement("SELECT 1 FROM client WHERE instance = $1 LIMIT 1", [instance.as_str().into()]);
        Ok(row(&self.reader, look).await?.is_some())
    }
}
