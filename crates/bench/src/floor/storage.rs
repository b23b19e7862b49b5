//! What storage costs by itself, without HTTP and without signatures.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use rustix::time::{ClockId, clock_gettime};

use crate::floor::grants::durable;
use crate::http::Wrong;
use crate::processor::Processors;

/// What one kind of step showed.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) name: &'static str,
    pub(crate) driver: &'static str,
    pub(crate) rows: u32,
    pub(crate) took: Duration,
    /// Of whoever does the work: this thread with SQLite, the backend with PostgreSQL.
    pub(crate) processor: Option<Duration>,
    /// Of each step, ascending.
    pub(crate) waits: Vec<Duration>,
}

/// A step in SQLite in WAL with `synchronous = FULL`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// One row by its key.
    Read,
    /// So many rows changed in one transaction.
    Commit(u32),
}

/// Repeats the step for so long, on the processor of servers.
pub(crate) fn sqlite(
    step: Step,
    folder: &Path,
    span: Duration,
    processors: &Processors,
) -> Result<Steps, Wrong> {
    let folder = tempfile::tempdir_in(folder)?;
    let repeat = || {
        processors.serve_from_here();
        let database = durable(&folder.path().join("storage.db"))?;
        database.execute_batch("CREATE TABLE grants (id INTEGER PRIMARY KEY, digest BLOB) STRICT")?;
        for grant in 0..ROWS {
            database.execute("INSERT INTO grants VALUES (?1, zeroblob(32))", params![grant])?;
        }
        let (began, before) = (Instant::now(), clock_gettime(ClockId::ThreadCPUTime));
        let (mut waits, mut rows) = (Vec::new(), 0_u32);
        while began.elapsed() < span {
            let each = Instant::now();
            rows += step.take(&database, rows)?;
            waits.push(each.elapsed());
        }
        let used = Duration::try_from(clock_gettime(ClockId::ThreadCPUTime) - before).ok();
        let took = began.elapsed();
        waits.sort_unstable();
        Ok::<_, Wrong>(Steps { name: step.name(), driver: "rusqlite", rows, took, processor: used, waits })
    };
    thread::scope(|scope| scope.spawn(repeat).join())
        .map_err(|_| Wrong::new("the thread that reads and commits did not come to its end"))?
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "sqlite-read",
            Self::Commit(1) => "sqlite-commit",
            Self::Commit(_) => "sqlite-commit-group",
        }
    }

    /// How many rows it touched.
    fn take(self, database: &Connection, before: u32) -> Result<u32, Wrong> {
        let digest = [u8::try_from(before % 251)?; 32];
        match self {
            Self::Read => {
                let mut read = database.prepare_cached("SELECT digest FROM grants WHERE id = ?1")?;
                read.query_row(params![before % ROWS], |row| row.get::<_, Vec<u8>>(0))?;
                Ok(1)
            }
            Self::Commit(group) => {
                database.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
                for grant in 0..group {
                    let mut change =
                        database.prepare_cached("UPDATE grants SET digest = ?2 WHERE id = ?1")?;
                    change.execute(params![grant, digest])?;
                }
                database.prepare_cached("COMMIT")?.execute([])?;
                Ok(group)
            }
        }
    }
}

const ROWS: u32 = 1000;
