use grantway_core::seam::SeamError;
use grantway_store::traits::ReadinessStore;

use crate::SeaStore;
use crate::row::{row, statement};

impl ReadinessStore for SeaStore {
    /// A read that needs the file and its tables, and a turn at the writer, which needs the file to be
    /// writable and nobody to hold it.
    async fn ready(&self) -> Result<(), SeamError> {
        row(&self.reader, statement("SELECT 1 FROM instance LIMIT 1", [])).await?;
        let turn = self.writer.write(|transaction| {
            Box::pin(async move { row(transaction, statement("SELECT 1 AS one", [])).await })
        });
        turn.await.map(drop)
    }
}
