//! SQLite: one file, opened so that what is committed stays.

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::time::Duration;

use crate::connections::{Connections, PATIENCE};
use crate::group::Group;
use crate::migration::Migrator;
use crate::writer::Writer;

/// Opens a file or a memory, with write-ahead log and `synchronous=FULL`.
pub(crate) async fn open(url: &str) -> Result<Connections, DbErr> {
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let writing = patiently(url, 1).await?;
    let reader = if in_memory {
        // A second connection would open a second, empty database.
        writing.clone()
    } else {
        patiently(url, READERS).await?
    };
    let writer = Writer::Group(Group::start(writing.clone()));
    Ok(Connections { reader, writer, tables: writing })
}

/// One process at a time holds the file to write in it, so the others wait and find the work done.
pub(crate) async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(immediate).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
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
        // A file does not go away as a network does.
        .test_before_acquire(false)
        // Statements carry digests and sealed bytes, and no log needs those.
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .busy_timeout(PATIENCE)
                .statement_cache_capacity(STATEMENTS)
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
        });
    options
}

const READERS: u32 = 4;
/// More than there are, those of a group with each number of rows included.
const STATEMENTS: usize = 256;
const ATTEMPTS: u32 = 100;
const BETWEEN: Duration = Duration::from_millis(20);
