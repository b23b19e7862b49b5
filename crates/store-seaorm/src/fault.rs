//! What a database's errors mean to whoever asked.

use grantway_core::seam::SeamError;
use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// Busy, full, read-only and broken-off are worth another try; the rest is not. Messages name no values.
pub(crate) fn seam(fault: &DbErr) -> SeamError {
    let temporary = match fault {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
            is_temporary(inner)
        }
        _ => false,
    };
    let words = fault.to_string();
    if temporary { SeamError::unavailable(PART, words) } else { SeamError::broken(PART, words) }
}

fn is_temporary(fault: &SqlxError) -> bool {
    match fault {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => true,
        SqlxError::Database(said) => said.code().is_some_and(|code| is_temporary_code(&code)),
        _ => false,
    }
}

/// A SQLSTATE has five characters, a result code of SQLite fewer.
fn is_temporary_code(code: &str) -> bool {
    match code.parse::<u32>() {
        // The low byte is the kind, what lies above it the circumstances.
        Ok(number) if code.len() < 5 => SQLITE.contains(&(number & 0xff)),
        Ok(_) | Err(_) => POSTGRES.iter().any(|sign| code.starts_with(sign)),
    }
}

/// A row that cannot be what it should.
pub(crate) fn unreadable(column: &'static str) -> SeamError {
    SeamError::broken(PART, format!("the column {column} holds something this program did not write"))
}

/// The writer could not begin, or has ended.
pub(crate) fn gone() -> SeamError {
    SeamError::unavailable(PART, "the database is locked, full or closed")
}

/// The disk was at fault for a neighbour of the group, and the database undid the whole group.
pub(crate) fn undone() -> SeamError {
    SeamError::unavailable(PART, "the database undid what it had begun")
}

const PART: &str = "database";
/// `SQLITE_BUSY`, `SQLITE_LOCKED`, `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, `SQLITE_CANTOPEN`
/// (sqlite.org/rescode.html).
const SQLITE: [u32; 6] = [5, 6, 8, 10, 13, 14];
/// Connection, read-only transaction, rolled back, out of something, told to stop, system
/// (postgresql.org/docs/current/errcodes-appendix.html).
const POSTGRES: [&str; 6] = ["08", "25006", "40", "53", "57P", "58"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for (code, temporary) in [
            ("5", true),
            // SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE, SQLITE_READONLY_DBMOVED
            ("517", true),
            ("778", true),
            ("1032", true),
            ("13", true),
            // SQLITE_ERROR, SQLITE_CORRUPT, SQLITE_CONSTRAINT_UNIQUE
            ("1", false),
            ("11", false),
            ("2067", false),
            ("08006", true),
            ("25006", true),
            ("40001", true),
            ("40P01", true),
            ("53100", true),
            ("57P01", true),
            // undefined_table, unique_violation, query_canceled
            ("42P01", false),
            ("23505", false),
            ("57014", false),
        ] {
            assert_eq!(is_temporary_code(code), temporary, "{code}");
        }
    }
}
