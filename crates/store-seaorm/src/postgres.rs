//! PostgreSQL, for many processes on one database.
//!
//! Plain SQL only, one statement a step: no advisory locks, no `LISTEN`, no sequences, so that databases
//! which speak its protocol and are spread over machines can serve as well.

use std::time::Duration;

use grantway_core::seam::SeamError;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, TransactionTrait};
use sea_orm_migration::MigratorTrait;

use crate::connections::{Connections, PATIENCE};
use crate::migration::Migrator;
use crate::row::{plain, row, statement};
use crate::writer::Writer;

/// Opens a pool of connections.
pub(crate) async fn open(url: &str) -> Result<Connections, DbErr> {
    let pool = Database::connect(options(url)).await?;
    Ok(Connections { reader: pool.clone(), writer: Writer::Each(pool.clone()), tables: pool })
}

/// Makes the tables in one transaction. Of processes that do so at once one wins; the others fail on
/// what it made, try again and find the work done.
pub(crate) async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    for _ in 0..ATTEMPTS {
        if attempt(connection).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN).await;
    }
    attempt(connection).await
}

async fn attempt(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = connection.begin().await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// Which of the settings that make a commit durable are switched off, by name.
pub(crate) async fn unsynced(connection: &DatabaseConnection) -> Result<Vec<&'static str>, SeamError> {
    let mut off = Vec::new();
    for name in ["fsync", "synchronous_commit"] {
        if setting(connection, name).await?.as_deref() == Some("off") {
            off.push(name);
        }
    }
    Ok(off)
}

/// A setting as it is now. A database that only speaks the protocol may not know it.
async fn setting(connection: &DatabaseConnection, name: &str) -> Result<Option<String>, SeamError> {
    let look = statement("SELECT current_setting($1, true) AS value", [name.into()]);
    match row(connection, look).await? {
        Some(row) => plain(&row, "value"),
        None => Ok(None),
    }
}

fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(CONNECTIONS)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        // Statements carry digests and sealed bytes, and no log needs those.
        .sqlx_logging(false);
    options
}

/// A statement holds one for about the time of a commit.
const CONNECTIONS: u32 = 16;
const ATTEMPTS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(100);
