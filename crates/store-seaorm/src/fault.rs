//! What a database's errors mean to whoever asked.

use grantway_core::seam::SeamError;
use sea_orm::{DbErr, RuntimeErr};

/// Busy, full and broken-off are worth another try; the rest is not. Messages name no values.
pub(crate) fn seam(fault: &DbErr) -> SeamError {
    let words = fault.to_string();
    let temporary = match fault {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)) => {
            TEMPORARY.iter().any(|sign| words.contains(sign))
        }
        _ => false,
    };
    if temporary { SeamError::unavailable(PART, words) } else { SeamError::broken(PART, words) }
}

/// A row that cannot be what it should.
pub(crate) fn unreadable(column: &'static str) -> SeamError {
    SeamError::broken(PART, format!("the column {column} holds something this program did not write"))
}

/// The writer could not begin, or has ended.
pub(crate) fn gone() -> SeamError {
    SeamError::unavailable(PART, "the database is locked, full or closed")
}

const PART: &str = "database";
/// SQLite's own words for `SQLITE_BUSY`, `SQLITE_LOCKED`, `SQLITE_FULL`, `SQLITE_IOERR`, `SQLITE_READONLY`.
const TEMPORARY: [&str; 5] = ["locked", "busy", "disk is full", "disk I/O error", "readonly"];
