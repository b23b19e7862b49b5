//! Grants in SQLite, durable, written by one thread that takes what waits into one transaction.

use std::path::Path;
use std::sync::mpsc;
use std::thread;

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::http::Wrong;

/// Asks the thread that writes.
#[derive(Debug)]
pub(super) struct Grants(mpsc::SyncSender<(Change, oneshot::Sender<bool>)>);

/// One statement.
#[derive(Debug)]
pub(super) enum Change {
    Issue { grant: i64, digest: [u8; 32], challenge: [u8; 32] },
    Replace { grant: i64, digest: [u8; 32], challenge: Option<[u8; 32]>, successor: [u8; 32] },
}

impl Grants {
    pub(super) fn open(file: &Path) -> Result<Self, Wrong> {
        let database = durable(file)?;
        database.execute_batch(
            "CREATE TABLE grants (id INTEGER PRIMARY KEY, digest BLOB NOT NULL, challenge BLOB, \
             terms TEXT NOT NULL) STRICT",
        )?;
        let (asked, asks) = mpsc::sync_channel(MOST_WAITING);
        thread::spawn(move || write(&database, &asks));
        Ok(Self(asked))
    }

    /// Whether a row was changed; it is durable by then.
    pub(super) async fn change(&self, change: Change) -> Result<bool, Wrong> {
        let (done, outcome) = oneshot::channel();
        self.0.try_send((change, done)).map_err(|_| Wrong::new("the writer is gone or overrun"))?;
        Ok(outcome.await?)
    }
}

/// Opens a database as a server must that promises what it answers.
pub(super) fn durable(file: &Path) -> Result<Connection, Wrong> {
    let database = Connection::open(file)?;
    database.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
    database.execute_batch("PRAGMA synchronous = FULL")?;
    database.set_prepared_statement_cache_capacity(16);
    Ok(database)
}

type Asked = (Change, oneshot::Sender<bool>);

fn write(database: &Connection, asks: &mpsc::Receiver<Asked>) {
    while let Ok(first) = asks.recv() {
        let group: Vec<Asked> = std::iter::once(first).chain(asks.try_iter().take(MOST_WAITING)).collect();
        // Who gets no answer reports it; a floor that cannot write measures nothing.
        let Ok(outcomes) = together(database, &group) else { return };
        for ((_, done), outcome) in group.into_iter().zip(outcomes) {
            let _ = done.send(outcome);
        }
    }
}

fn together(database: &Connection, group: &[Asked]) -> Result<Vec<bool>, rusqlite::Error> {
    database.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let outcomes = group.iter().map(|(change, _)| apply(database, change)).collect::<Result<_, _>>()?;
    database.prepare_cached("COMMIT")?.execute([])?;
    Ok(outcomes)
}

fn apply(database: &Connection, change: &Change) -> Result<bool, rusqlite::Error> {
    let rows = match change {
        Change::Issue { grant, digest, challenge } => database
            .prepare_cached("INSERT INTO grants (id, digest, challenge, terms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![grant, digest, challenge, TERMS])?,
        Change::Replace { grant, digest, challenge, successor } => database
            .prepare_cached(
                "UPDATE grants SET digest = ?4, challenge = NULL \
                 WHERE id = ?1 AND digest = ?2 AND challenge IS ?3",
            )?
            .execute(params![grant, digest, challenge, successor])?,
    };
    Ok(rows == 1)
}

/// As much as a grant remembers: whose, for whom, what, since when.
const TERMS: &str = "user_0123456789abcdef bench openid https://client.example/callback 1767225600 pwd";
const MOST_WAITING: usize = 1024;
