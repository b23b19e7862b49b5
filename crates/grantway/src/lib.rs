#![doc = include_str!("../README.md")]

mod audit;
mod bootstrap;
mod bounded;
mod cli;
mod commands;
mod compose;
mod config;
mod data_dir;
mod demo;
mod first_account;
mod housekeeping;
mod listen;
mod mail;
mod messages;
mod outcome;
mod process;
mod root_keys;
mod say;
mod tls;
#[cfg(feature = "tools")]
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

#[cfg(feature = "tools")]
use clap::CommandFactory;

use crate::cli::{Command, Grantway, GrantwayServer, KeysCommand};

/// `grantway`: reads the arguments, does what they say, and reports.
#[must_use]
pub fn run() -> ExitCode {
    let grantway: Grantway = match cli::read(&arguments()) {
        Ok(grantway) => grantway,
        Err(ended) => return ended,
    };
    match grantway.command {
        Command::Serve(flags) => commands::serve(flags),
        Command::Migrate(flags) => commands::migrate(flags),
        Command::Config(command) => commands::config(command),
        Command::Keys(KeysCommand::Signing(command)) => commands::keys_signing(command),
        Command::Keys(KeysCommand::Root(command)) => commands::keys_root(command),
        Command::Projects(command) => commands::projects(command),
        Command::ApiKeys(command) => commands::api_keys(command),
        #[cfg(feature = "tools")]
        Command::Tool(tool) => tools::run(*tool, Grantway::command()),
    }
}

/// `grantway-server`: serves, and does nothing else.
#[must_use]
pub fn run_server() -> ExitCode {
    match cli::read(&arguments()) {
        Ok(GrantwayServer { flags }) => commands::serve(flags),
        Err(ended) => ended,
    }
}

fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}
