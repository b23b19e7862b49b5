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

use crate::cli::api_keys::ApiKeysCommand;
use crate::cli::projects::ProjectsCommand;
use crate::cli::{ConfigCommand, MigrateFlags, RootCommand, SchemaFlags, SigningCommand};
use crate::config::ServeFlags;
use crate::process::{report, runtime};

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
