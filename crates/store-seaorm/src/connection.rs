//! Opening a database, and what every verb stands on.

use std::fmt;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;

use crate::migration::Migrator;
use crate::writer::Writer;

/// A database that keeps everything. Clones share its connections.
#[derive(Clone)]
pub struct SeaStore {
    pub(crate) reader: DatabaseConnection,
    pub(crate) writer: Writer,
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL names a database this crate does not speak.
    #[error("the database URL begins with none of: sqlite:")]
    Unsupported,
    /// It cannot be opened: no such folder, no permission, not a database, locked.
    #[error("{0}")]
    Unopened(#[source] DbErr),
    /// Its tables cannot be brought up to date.
    #[error("{0}")]
    Unmigrated(#[source] DbErr),
}

impl SeaStore {
    /// Opens the database that a URL names: `sqlite://path/to/file?mode=rwc`, or `sqlite::memory:`,
    /// which is forgotten when the last clone is dropped.
    ///
    /// Commits are durable when they return: write-ahead log, `synchronous=FULL`. Needs a tokio
    /// runtime, on which the writer lives as long as the store.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        if !url.starts_with("sqlite:") {
            return Err(ConnectError::Unsupported);
        }
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let writing = patiently(url, 1).await.map_err(ConnectError::Unopened)?;
        let reader = if in_memory {
            // A second connection would open a second, empty database.
            writing.clone()
        } else {
            patiently(url, READERS).await.map_err(ConnectError::Unopened)?
        };
        Ok(Self { reader, writer: Writer::start(writing) })
    }

    /// Brings the tables up to date. Of processes that do this at once one does the work and the others
    /// wait for it.
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        let transaction = self.writer.exclusive().await.map_err(ConnectError::Unmigrated)?;
        Migrator::up(&transaction, None).await.map_err(ConnectError::Unmigrated)?;
        transaction.commit().await.map_err(ConnectError::Unmigrated)
    }
}

impl fmt::Debug for SeaStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeaStore(sqlite)")
    }
}

/// SQLite does not wait for whoever switches a file to the write-ahead log at the same moment, so we do.
async fn patiently(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    for _ in 0..ATTEMPTS {
        match Database::connect(options(url, connections)).await {
            Err(fault) if fault.to_string().contains("locked") => tokio::time::sleep(BETWEEN).await,
            settled => return settled,
        }
    }
    Database::connect(options(url, connections)).await
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        // Statements carry digests and sealed bytes, and no log needs those.
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .busy_timeout(PATIENCE)
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
        });
    options
}

/// For another process to finish its commit.
const PATIENCE: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
const ATTEMPTS: u32 = 100;
const BETWEEN: Duration = Duration::from_millis(20);
