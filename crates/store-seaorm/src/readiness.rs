use grantway_core::seam::SeamError;
use grantway_store::traits::ReadinessStore;

use crate::SeaStore;
use crate::fault::read_only;
use crate::postgres;
use crate::row::{row, statement};

impl ReadinessStore for SeaStore {
    /// A read that needs the tables. Then, on SQLite, a turn at the writer, which needs the file to be
    /// writable and nobody to hold it; PostgreSQL is asked whether it would write.
    async fn ready(&self) -> Result<(), SeamError> {
        row(&self.reader, statement("SELECT 1 FROM instance LIMIT 1", [])).await?;
        if self.is_postgres() {
            return if postgres::is_read_only(&self.reader).await? { Err(read_only()) } else { Ok(()) };
        }
        let turn = self.writer.write(|connection| {
            Box::pin(async move { row(&connection, statement("SELECT 1 AS one", [])).await })
        });
        turn.await.map(drop)
    }
}
