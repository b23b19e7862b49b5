//! What each command does.

mod api_keys;
mod config_check;
mod config_schema;
mod keys_root;
mod keys_signing;
mod migrate;
mod projects;
mod serve;

use std::process::ExitCode;

use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use crate::cli::api_keys::ApiKeysCommand;
use crate::cli::projects::ProjectsCommand;
use crate::cli::{ConfigCommand, MigrateFlags, RootCommand, SchemaFlags, ServeFlags, SigningCommand};
use crate::outcome::{Exit, Failure};
use crate::say;

/// `grantway serve`
pub(crate) fn serve(flags: ServeFlags) -> ExitCode {
    let json = flags.home.json;
    report(json, || runtime()?.block_on(serve::run(flags)))
}

/// `grantway migrate`
pub(crate) fn migrate(flags: MigrateFlags) -> ExitCode {
    let json = flags.home.json;
    report(json, || runtime()?.block_on(migrate::run(flags)))
}

/// `grantway config …`
pub(crate) fn config(command: ConfigCommand) -> ExitCode {
    match command {
        ConfigCommand::Check(flags) => report(flags.home.json, || config_check::run(flags)),
        ConfigCommand::Schema(SchemaFlags { home }) => report(home.json, || {
            config_schema::run();
            Ok(())
        }),
    }
}

/// `grantway keys signing …`
pub(crate) fn keys_signing(command: SigningCommand) -> ExitCode {
    let json = command.home().json;
    report(json, || runtime()?.block_on(keys_signing::run(command)))
}

/// `grantway keys root …`
pub(crate) fn keys_root(command: RootCommand) -> ExitCode {
    let RootCommand::Rotate(flags) = command;
    let json = flags.home.json;
    report(json, || runtime()?.block_on(keys_root::run(flags)))
}

/// `grantway projects …`
pub(crate) fn projects(command: ProjectsCommand) -> ExitCode {
    let json = command.home().json;
    report(json, || runtime()?.block_on(projects::run(command)))
}

/// `grantway api-keys …`
pub(crate) fn api_keys(command: ApiKeysCommand) -> ExitCode {
    let json = command.home().json;
    report(json, || runtime()?.block_on(api_keys::run(command)))
}

pub(crate) fn report(json: bool, command: impl FnOnce() -> Result<(), Failure>) -> ExitCode {
    log(json);
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::failure(&failure, json);
            failure.exit.into()
        }
    }
}

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
