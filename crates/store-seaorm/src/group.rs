//! One writer for SQLite, which commits what waits as a group.
//!
//! A commit costs a sync, and a sync costs the same for one change as for a hundred. So callers queue,
//! the writer takes whoever waits, runs their work in one transaction, and answers each only after the
//! commit. SQLite lets one writer in at a time anyway; this one does not make the others wait in vain.
//!
//! A piece of work holds one statement that writes, or one that does no harm alone and then another; and what several callers want alike is one statement
//! for all of them. SQLite undoes a statement that fails and nothing else, so its failure changes nothing
//! for the rest of the group; unless the disk is at fault, when it may undo the whole transaction, which is
//! noticed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use grantway_core::seam::SeamError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseExecutor, DbErr, QueryResult};
use tokio::sync::{mpsc, oneshot};

use crate::alike::Asked;
use crate::fault::{self, seam};
use crate::row::{plain, rows_or_fault};

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
        let work: Work = Box::new(move |connection| {
            Box::pin(async move {
                let outcome = work(DatabaseExecutor::from(connection)).await;
                Done { well: outcome.is_ok(), reply: reply(answer, outcome) }
            })
        });
        self.queue.send(Job::Alone(work)).await.map_err(|_| fault::gone())?;
        answered.await.map_err(|_| fault::gone())?
    }

    /// Makes a change that others may want alike, durably: the row as the change returns it, if it was made.
    /// It is made even if the caller stops waiting.
    pub(crate) async fn change(&self, asked: Asked) -> Result<Option<QueryResult>, SeamError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Job::Alike(Waiting { asked, answer })).await.map_err(|_| fault::gone())?;
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

enum Job {
    /// Does what nobody else does.
    Alone(Work),
    /// One row of a statement that others may share.
    Alike(Waiting),
}

type Work = Box<dyn for<'c> FnOnce(&'c DatabaseConnection) -> Doing<'c> + Send>;
type Doing<'c> = Pin<Box<dyn Future<Output = Done> + Send + 'c>>;

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Result<Option<QueryResult>, SeamError>>,
}

/// Work that was done, and the answer that waits for the commit.
struct Done {
    well: bool,
    reply: Reply,
}

type Reply = Box<dyn FnOnce(Result<(), SeamError>) + Send>;

fn reply<T: Send + 'static>(
    answer: oneshot::Sender<Result<T, SeamError>>,
    outcome: Result<T, SeamError>,
) -> Reply {
    Box::new(move |committed| {
        // Whoever stopped waiting gets no answer.
        let _ = answer.send(committed.and(outcome));
    })
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
    let mut transaction = Transaction { connection, replies: Vec::new() };
    // Nobody in the group was answered yet, so nobody can tell in which order it was done.
    let mut alike = VecDeque::new();
    for job in group {
        match job {
            Job::Alone(work) => {
                let Done { well, reply } = work(connection).await;
                transaction.replies.push(reply);
                transaction.look_after(well).await;
            }
            Job::Alike(waiting) => alike.push_back(waiting),
        }
    }
    while let Some(first) = alike.pop_front() {
        let others = take_others(&mut alike, &first);
        transaction.change(first, others).await;
    }
    transaction.commit().await;
}

/// Those that can share a statement with the first.
fn take_others(waiting: &mut VecDeque<Waiting>, first: &Waiting) -> Vec<Waiting> {
    let mut grants = HashSet::from([first.asked.grant]);
    let (others, rest): (VecDeque<_>, _) = waiting.drain(..).partition(|other| {
        grants.len() < TOGETHER && first.asked.goes_with(&other.asked) && grants.insert(other.asked.grant)
    });
    *waiting = rest;
    others.into()
}

/// What was done since it began, and nobody told yet.
struct Transaction<'c> {
    connection: &'c DatabaseConnection,
    replies: Vec<Reply>,
}

impl Transaction<'_> {
    /// One statement for all of them.
    async fn change(&mut self, first: Waiting, others: Vec<Waiting>) {
        let mut answers = vec![(first.asked.grant, first.answer)];
        let others = others.into_iter().map(|Waiting { asked, answer }| {
            answers.push((asked.grant, answer));
            asked
        });
        let statement = first.asked.together(others.collect());
        let changed = rows_or_fault(self.connection, statement).await;
        let well = changed.is_ok();
        let mut changed = changed.map(|rows| {
            let by_grant = rows.into_iter().filter_map(|row| Some((plain(&row, "grant_id").ok()?, row)));
            by_grant.collect::<HashMap<i64, _>>()
        });
        for (grant, answer) in answers {
            let outcome = match &mut changed {
                Ok(rows) => Ok(rows.remove(&grant.number())),
                Err(fault) => Err(seam(fault)),
            };
            self.replies.push(reply(answer, outcome));
        }
        self.look_after(well).await;
    }

    /// A second beginning is refused while the first one stands. If it is not, what was done so far was
    /// undone.
    async fn look_after(&mut self, well: bool) {
        if !well && say(self.connection, BEGIN).await.is_ok() {
            self.replies.drain(..).for_each(|reply| reply(Err(fault::undone())));
        }
    }

    async fn commit(self) {
        let Self { connection, replies } = self;
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
/// A statement is shared by as many: each number is a statement of its own, which SQLite keeps prepared.
const TOGETHER: usize = 32;
