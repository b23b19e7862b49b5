use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::InstanceStore;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{parsed, row, statement, touched};

impl InstanceStore for SeaStore {
    async fn settle_instance(&self, proposed: &InstanceId, at: Timestamp) -> Result<InstanceId, SeamError> {
        let propose = statement(
            "INSERT INTO instance (slot, instance, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [ONLY.into(), proposed.as_str().into(), at.unix().into()],
        );
        let look = statement("SELECT instance FROM instance WHERE slot = $1", [ONLY.into()]);
        let settled = self.writer.write(|connection| {
            Box::pin(async move {
                touched(&connection, propose).await?;
                let standing = row(&connection, look).await?.ok_or_else(|| unreadable("instance"))?;
                parsed(&standing, "instance")
            })
        });
        settled.await
    }
}

/// One instance lives in a database; its row is found by this name.
const ONLY: &str = "default";
