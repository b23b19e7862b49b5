//! A command as a process: what it writes down while it runs, and how it ends.

use std::process::ExitCode;

use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use crate::outcome::{Exit, Failure};
use crate::say;

/// Does it, and ends as it went.
pub(crate) fn report(json: bool, command: impl FnOnce() -> Result<(), Failure>) -> ExitCode {
    log(json);
    match command() {
        Ok(()) => match say::lost() {
            None => ExitCode::SUCCESS,
            Some(fault) => failed(
                &Failure::new(
                    Exit::CouldNotRun,
                    "what was found out could not be written",
                    fault,
                    "see where standard output leads, and whether there is room",
                ),
                json,
            ),
        },
        Err(failure) => failed(&failure, json),
    }
}

fn failed(failure: &Failure, json: bool) -> ExitCode {
    say::failure(failure, json);
    failure.exit.into()
}

/// What waits.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "the program cannot run here",
            fault,
            "check the limits on threads and open files",
        )
    })
}

/// To standard error, `GRANTWAY_LOG` deciding how much (warnings and decisions by default).
fn log(json: bool) {
    let filter = EnvFilter::try_from_env("GRANTWAY_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that has no room must not end the request it is about, as telling about that would.
        .log_internal_errors(false);
    if json {
        log.json().init();
    } else {
        log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
    }
}
