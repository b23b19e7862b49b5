//! `cargo xtask`: what a checkout needs done, by the same words for a person and for CI.
//!
//! It depends on nothing of ours, so it runs while everything else is broken, and it downloads no
//! tools: what it needs beyond the Rust toolchain is asked of npm and pip, for the tests alone, and of
//! cargo, for fuzzing.

mod bench;
mod check;
mod cluster;
mod conformance;
mod failure;
mod fuzz;
mod layers;
mod licences;
mod npm;
mod postgres;
mod say;
mod screenshots;
mod soak;
mod test;
mod tidy;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::bench::BenchFlags;
use crate::failure::Failure;
use crate::fuzz::FuzzFlags;
use crate::test::need::Need;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let wanted = Wanted::parse();
    match Workspace::find().and_then(|workspace| wanted.command.run(&workspace)) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::FAILURE,
        Ok(Verdict::Said(code)) => code,
        Err(failure) => {
            say::failure(&failure);
            ExitCode::FAILURE
        }
    }
}

/// Checks and tests Grantway.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Wanted {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that needs no running: words, format, licences, lints, docs, layering
    Check,
    /// Every test, with foreign OAuth clients against the program as people run it
    ///
    /// Fetches the clients first, by npm into the checkout and by pip into a venv in the target
    /// directory. Says what it cannot get, with the remedy, and fails.
    Test {
        /// Leave out the tests that need NAME; the closing summary says so
        #[arg(long, value_name = "NAME", value_enum)]
        without: Vec<Need>,
    },
    /// `check`, then `test`
    Ci,
    /// A PostgreSQL to try things on, gone when its standard input ends
    ///
    /// Says its URL in one line. A line `restart` crashes it and starts it again, and is answered
    /// with `restarted`.
    Postgres,
    /// What requests cost: load on the release build and on the floors beneath it, and a table
    ///
    /// With --libraries, what our libraries cost beside others instead. docs/PERFORMANCE.md explains the
    /// columns. Takes some minutes, and wants a quiet machine.
    Bench(BenchFlags),
    /// Histories on SQLite and PostgreSQL for as long as that, each with another seed
    ///
    /// Nodes are killed, their clocks jump, PostgreSQL crashes; a checker proves that what was answered
    /// holds. It ends at the first violation, with the seed that leads to it.
    Soak {
        /// At least one round is played
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// Of the first round; drawn if it is absent
        #[arg(long)]
        seed: Option<u64>,
    },
    /// What OpenID Connect asks for, asked of any issuer over HTTP: docs/CONFORMANCE.md
    ///
    /// It ends as the suite does: 0 is good, 20 warnings alone, 21 failures.
    #[command(disable_help_flag = true)]
    Conformance {
        /// For the suite; --help explains them
        #[arg(value_name = "ARGUMENTS", trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Every page as a picture, narrow and wide, light and dark, for a person to look at
    Screenshots {
        /// Where they go
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Parsers against made-up input: each target of tests/fuzz for so long
    ///
    /// Takes the cargo-fuzz on the PATH, or installs one into the target directory. Needs a C++ compiler,
    /// and no nightly one of Rust.
    Fuzz(FuzzFlags),
    /// The layering and the fences alone
    Layers,
    /// The words that have no place here, and the longest files and functions
    Tidy,
}

impl Command {
    fn run(self, workspace: &Workspace) -> Result<Verdict, Failure> {
        match self {
            Self::Check => Ok(check::run(workspace)),
            Self::Test { without } => test::run(workspace, &without),
            Self::Ci => match check::run(workspace) {
                Verdict::Good => test::run(workspace, &[]),
                worse => Ok(worse),
            },
            Self::Postgres => postgres::run().map(|()| Verdict::Good),
            Self::Bench(flags) => bench::run(workspace, &flags).map(|()| Verdict::Good),
            Self::Soak { minutes, seed } => soak::run(workspace, minutes, seed),
            Self::Conformance { arguments } => conformance::run(workspace, &arguments).map(Verdict::Said),
            Self::Screenshots { folder } => screenshots::run(workspace, &folder),
            Self::Fuzz(flags) => fuzz::run(workspace, &flags),
            Self::Layers => layers::run(workspace).map(|()| Verdict::Good),
            Self::Tidy => tidy::run(workspace),
        }
    }
}

/// What was found, once it has been said.
enum Verdict {
    Good,
    Bad,
    /// Another program has said it, and ended so.
    Said(ExitCode),
}
