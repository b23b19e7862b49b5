//! One writer for SQLite, which commits what waits as a group.
//!
//! A commit costs a sync, and a sync costs the same for one change as for a hundred. So callers queue,
//! the writer takes whoever waits, runs their work in one transaction, and answers each only after the
//! commit. SQLite lets one writer in at a time anyway; this one does not make the others wait in vain.
//!
//! A piece of work holds one statement that writes. SQLite undoes a statement that fails and nothing
//! else, so a neighbour's failure changes nothing for the rest of the group; unless the disk is at fault,
//! when it may undo the whole transaction, which is noticed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use grantway_core::seam::SeamError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseExecutor, DbErr};
use tokio::sync::{mpsc, oneshot};

use crate::fault::{self, seam};

/// The door to the writer. Clones queue at the same one; it ends when the last is dropped.
#[derive(Clone)]
pub(crate) struct Group {
    queue: mpsc::Sender<Job>,
}

impl Group {
    /// Starts the writer on the current runtime. It must have the only connection of its pool: a group is
    /// one transaction because all its statements go there.
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
        let job: Job = Box::new(move |connection| {
            Box::pin(async move {
                let outcome = work(DatabaseExecutor::from(connection)).await;
                let well = outcome.is_ok();
                let reply: Reply = Box::new(move |committed| {
                    // Whoever stopped waiting gets no answer.
                    let _ = answer.send(committed.and(outcome));
                });
                Done { well, reply }
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

/// What a piece of work does with the connection it is given.
///
/// It holds one statement that writes, so that it is one step wherever it runs; a statement that reads
/// may stand beside it.
pub(crate) type Working<'c, T> = Pin<Box<dyn Future<Output = Result<T, SeamError>> + Send + 'c>>;

type Job = Box<dyn for<'c> FnOnce(&'c DatabaseConnection) -> Doing<'c> + Send>;
type Doing<'c> = Pin<Box<dyn Future<Output = Done> + Send + 'c>>;
type Reply = Box<dyn FnOnce(Result<(), SeamError>) + Send>;

/// Work that was done, and the answer that waits for the commit.
struct Done {
    well: bool,
    reply: Reply,
}

async fn write(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        commit_group(&connection, group.drain(..)).await;
    }
}

async fn commit_group(connection: &DatabaseConnection, group: impl Iterator<Item = Job> + Send) {
    // Dropping a job tells its caller that there is no answer, which is an error to him.
    if say(connection, BEGIN).await.is_err() {
        return;
    }
    let mut replies = Vec::new();
    for job in group {
        let Done { well, reply } = job(connection).await;
        replies.push(reply);
        // A second beginning is refused while the first one stands. If it is not, what was done so far
        // was undone.
        if !well && say(connection, BEGIN).await.is_ok() {
            replies.drain(..).for_each(|reply| reply(Err(fault::undone())));
        }
    }
    let committed = say(connection, "COMMIT").await;
    if committed.is_err() {
        // Mostly SQLite has rolled back by itself, and says that there is nothing to roll back.
        let _ = say(connection, "ROLLBACK").await;
    }
    for reply in replies {
        reply(match &committed {
            Ok(()) => Ok(()),
            Err(fault) => Err(seam(fault)),
        });
    }
}

/// sea-orm's own transactions count how deep they are, and count wrong once SQLite has rolled back by
/// itself: what follows would be answered and never committed. So the words are said plainly.
async fn say(connection: &DatabaseConnection, words: &str) -> Result<(), DbErr> {
    connection.execute_unprepared(words).await.map(drop)
}

/// May write at once: a transaction that reads first and asks to write later may be refused by SQLite
/// without any waiting.
const BEGIN: &str = "BEGIN IMMEDIATE";
/// More than these wait at the door itself.
const QUEUE: usize = 1024;
/// A sync is shared by as many, and delays no more.
const GROUP: usize = 128;
