//! What every contender is asked, and how its time is taken.
//!
//! A contender is a program of its own that signs and verifies tokens ([`jws`]) or reads replies ([`reply`]).

pub mod jws;
mod key;
pub mod reply;
mod stopwatch;

use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

pub use crate::key::{Key, SECRET};

/// For how long, if the arguments say so.
fn time(rest: &[String]) -> Option<Duration> {
    rest.first().and_then(|time| time.parse().ok()).map(Duration::from_millis)
}

fn said(line: &str) -> ExitCode {
    match writeln!(stdout(), "{line}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// How a program ends that was asked for what its library does not have.
const ABSENT: u8 = 3;
const MISUSED: u8 = 2;
