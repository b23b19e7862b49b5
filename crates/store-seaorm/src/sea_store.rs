//! Opening a database, and what every verb stands on.

use std::fmt;

use grantway_core::seam::SeamError;
use sea_orm::{DatabaseConnection, DbBackend, DbErr};

use crate::connections::Connections;
use crate::writer::Writer;
use crate::{postgres, sqlite};

/// A database that keeps everything. Clones share its connections.
#[derive(Clone)]
pub struct SeaStore {
    pub(crate) reader: DatabaseConnection,
    pub(crate) writer: Writer,
    /// Where the tables themselves are made.
    pub(crate) tables: DatabaseConnection,
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL names a database this crate does not speak.
    #[error("the database URL begins with none of: sqlite:, postgres:, postgresql:")]
    Unsupported,
    /// It cannot be opened: no such folder or host, no permission, not a database, locked.
    #[error("{0}")]
    Unopened(#[source] DbErr),
    /// Its tables cannot be brought up to date.
    #[error("{0}")]
    Unmigrated(#[source] DbErr),
}

impl SeaStore {
    /// Opens the database that a URL names: `sqlite://path/to/file?mode=rwc`, `sqlite::memory:`, which
    /// is forgotten when the last clone is dropped, or `postgres://user:password@host/database`.
    ///
    /// On SQLite commits are durable when they return (write-ahead log, `synchronous=FULL`); on
    /// PostgreSQL its own settings say so, see [`SeaStore::unsynced`]. Needs a tokio runtime, on which
    /// the connections live as long as the store.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let connections = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite::open(url).await,
            Some("postgres" | "postgresql") => postgres::open(url).await,
            _ => return Err(ConnectError::Unsupported),
        };
        let Connections { reader, writer, tables } = connections.map_err(ConnectError::Unopened)?;
        Ok(Self { reader, writer, tables })
    }

    /// Brings the tables up to date. Of processes that do this at once one does the work and the others
    /// wait for it.
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        let migrated = if self.is_postgres() {
            postgres::migrate(&self.tables).await
        } else {
            sqlite::migrate(&self.tables).await
        };
        migrated.map_err(ConnectError::Unmigrated)
    }

    /// The settings of the database server by which it may lose what it has answered, if any are so set:
    /// `fsync`, `synchronous_commit`. On SQLite they are this crate's own, and there are none.
    pub async fn unsynced(&self) -> Result<Vec<&'static str>, SeamError> {
        if self.is_postgres() { postgres::unsynced(&self.reader).await } else { Ok(Vec::new()) }
    }

    /// May processes on other machines use it?
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.is_postgres()
    }

    fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Postgres
    }
}

impl fmt::Debug for SeaStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_postgres() { "SeaStore(postgres)" } else { "SeaStore(sqlite)" })
    }
}
