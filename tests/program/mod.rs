//! The program as people run it: what it prints, what it leaves behind, and how it ends.

mod endings;
mod starting;
mod two_nodes;

use std::env;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The command line, in an environment where nobody's settings take part.
#[expect(clippy::disallowed_methods, reason = "xtask says in the environment where the program lies")]
fn grantway(folder: &Path) -> Command {
    let program = env::var("GRANTWAY_BIN")
        .unwrap_or_else(|_| panic!("GRANTWAY_BIN is not set: run `cargo xtask test`, which sets it"));
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRANTWAY_")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end, which it has to come to by itself.
fn ended(command: &mut Command) -> Output {
    command.output().unwrap()
}
