#![doc = include_str!("../README.md")]

mod contender;
mod expired;
mod floor;
mod form;
mod http;
mod libraries;
mod load;
mod ours;
mod processor;
mod report;
mod run;
mod serving;
mod syncs;
mod target;
mod workload;

use std::io::{Write, stderr};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::runtime;

use crate::floor::Floor;
use crate::http::Wrong;
use crate::libraries::LibrariesFlags;
use crate::run::RunFlags;

fn main() -> ExitCode {
    let wanted = Wanted::parse();
    match wanted.command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            let _ = writeln!(stderr(), "error: {wrong}");
            ExitCode::FAILURE
        }
    }
}

/// Measures what requests cost a server, and what libraries cost.
#[derive(Debug, Parser)]
#[command(name = "grantway-bench", disable_help_subcommand = true)]
struct Wanted {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure the server and its floors, and print a table
    Run(RunFlags),
    /// Measure programs that sign and verify, and programs that read replies, and print tables
    Libraries(LibrariesFlags),
    /// Be a floor: serve until the process is ended
    Floor {
        #[arg(value_enum)]
        name: Floor,
        /// The address and port; port 0 takes any free one
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Where what is durable lies
        #[arg(long, default_value = ".")]
        folder: PathBuf,
    },
}

impl Command {
    fn run(self) -> Result<(), Wrong> {
        match self {
            // One thread: the driver has one processor.
            Self::Run(flags) => {
                runtime::Builder::new_current_thread().enable_all().build()?.block_on(run::run(flags))
            }
            Self::Libraries(flags) => libraries::run(flags),
            // As the server is run: a thread for each processor that it may use.
            Self::Floor { name, listen, folder } => runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?
                .block_on(floor::serve(name, listen, &folder)),
        }
    }
}
