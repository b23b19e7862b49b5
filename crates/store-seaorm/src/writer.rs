//! The door through which everything is changed: one statement at a time, durable when it answers.
//!
//! SQLite lets one writer in at a time, so writers queue here and commit as a group ([`crate::group`]).
//! PostgreSQL groups the commits of its connections itself, so each statement goes to it alone.

use grantway_core::seam::SeamError;
use sea_orm::{DatabaseConnection, DatabaseExecutor, QueryResult};

use crate::alike::Asked;
use crate::changes::COUNT;
use crate::group::{Group, Working};
use crate::row::{Sql, row, touched};

/// Clones lead to the same database.
#[derive(Clone, Debug)]
pub(crate) enum Writer {
    /// Commits what waits together.
    Group(Group),
    /// Every statement commits itself.
    Each(DatabaseConnection),
}

impl Writer {
    /// Does the work, durably.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, SeamError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(DatabaseExecutor<'c>) -> Working<'c, T> + Send + 'static,
    {
        match self {
            Self::Group(group) => group.write(work).await,
            Self::Each(connection) => work(DatabaseExecutor::from(connection)).await,
        }
    }

    /// Does one statement, durably, and says how many rows it touched.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<u64, SeamError> {
        self.write(|connection| Box::pin(async move { touched(&connection, sql).await })).await
    }

    /// Does one statement and counts it as a change, in one step. Its first value is the instance.
    pub(crate) async fn execute_counted(&self, sql: Sql) -> Result<u64, SeamError> {
        match self {
            // A count without its change, where the change fails, does no harm.
            Self::Group(group) => {
                let count = sql.with_first_value(COUNT);
                group
                    .write(|connection| {
                        Box::pin(async move {
                            touched(&connection, count).await?;
                            touched(&connection, sql).await
                        })
                    })
                    .await
            }
            Self::Each(connection) => touched(connection, sql.after(COUNT)).await,
        }
    }

    /// Makes a change that others may want alike, durably: the row as the change returns it, if it was made.
    pub(crate) async fn change(&self, asked: Asked) -> Result<Option<QueryResult>, SeamError> {
        match self {
            Self::Group(group) => group.change(asked).await,
            Self::Each(connection) => row(connection, asked.alone()).await,
        }
    }
}
