//! What a backend opens, and how long everything waits for it.

use std::time::Duration;

use sea_orm::DatabaseConnection;

use crate::writer::Writer;

/// To one database.
pub(crate) struct Connections {
    pub(crate) reader: DatabaseConnection,
    pub(crate) writer: Writer,
    /// Where the tables themselves are made.
    pub(crate) tables: DatabaseConnection,
}

/// For another process to finish its commit, or for a connection to be free.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
