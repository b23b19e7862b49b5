//! One writer for SQLite, which commits what waits as a group.
//!
//! A commit costs a sync, and a sync costs the same for one change as for a hundred. So callers queue,
//! the writer takes whoever waits, runs their work in one transaction, and answers each only after the
//! commit. SQLite lets one writer in at a time anyway; this one does not make the others wait in vain.
//!
//! A piece of work holds one statement that writes. SQLite undoes a statement that fails and nothing
//! else, so a neighbour's failure changes nothing for the rest of the group.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use grantway_core::seam::SeamError;
use sea_orm::{
    DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use crate::fault::{self, seam};
use crate::writer::Working;

/// The door to the writer. Clones queue at the same one; it ends when the last is dropped.
#[derive(Clone)]
pub(crate) struct Group {
    queue: mpsc::Sender<Job>,
}

impl Group {
    /// Starts the writer on the current runtime.
    pub(crate) fn start(connection: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write(connection, waiting));
        Self { queue }
    }

    /// Does the work, durably. It is done even if the caller stops waiting.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, SeamError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(DatabaseExecutor<'c>) -> Working<'c, T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            Box::pin(async move {
                let outcome = work(DatabaseExecutor::from(transaction)).await;
                let reply: Reply = Box::new(move |committed| {
                    // Whoever stopped waiting gets no answer.
                    let _ = answer.send(committed.and(outcome));
                });
                reply
            })
        });
        self.queue.send(job).await.map_err(|_| fault::gone())?;
        answered.await.map_err(|_| fault::gone())?
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Group")
    }
}

type Job = Box<dyn for<'c> FnOnce(&'c DatabaseTransaction) -> Doing<'c> + Send>;
type Doing<'c> = Pin<Box<dyn Future<Output = Reply> + Send + 'c>>;
type Reply = Box<dyn FnOnce(Result<(), SeamError>) + Send>;

async fn write(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        commit_group(&connection, group.drain(..)).await;
    }
}

async fn commit_group(connection: &DatabaseConnection, group: impl Iterator<Item = Job> + Send) {
    // Dropping a job tells its caller that there is no answer, which is an error to him.
    let Ok(transaction) = begin(connection).await else { return };
    let mut replies = Vec::new();
    for job in group {
        replies.push(job(&transaction).await);
    }
    let committed = transaction.commit().await;
    for reply in replies {
        reply(match &committed {
            Ok(()) => Ok(()),
            Err(fault) => Err(seam(fault)),
        });
    }
}

/// Begins a transaction that may write at once. One that reads first and asks to write later may be
/// refused by SQLite without any waiting.
pub(crate) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(immediate).await
}

/// More than these wait at the door itself.
const QUEUE: usize = 1024;
/// A sync is shared by as many, and delays no more.
const GROUP: usize = 128;
