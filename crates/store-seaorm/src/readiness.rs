use grantway_core::seam::SeamError;
use grantway_store::traits::ReadinessStore;

use crate::SeaStore;
use crate::row::statement;

impl ReadinessStore for SeaStore {
    /// A write that is made durable like any other: a database that is locked, full, read-only or without
    /// its tables refuses it. It counts, for what changes nothing SQLite does not write.
    async fn ready(&self) -> Result<(), SeamError> {
        self.writer.execute(statement(COUNT, [])).await.map(drop)
    }
}

const COUNT: &str = "\
INSERT INTO readiness (slot, counted) VALUES ('only', 1)
ON CONFLICT (slot) DO UPDATE SET counted = readiness.counted + 1";
