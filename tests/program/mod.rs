//! The program as people run it: what it prints, what it leaves behind, and how it ends.

mod api_keys;
mod assertive;
mod config;
mod declared;
mod endings;
mod keys;
mod lookups;
mod nodes;
mod own_parts;
mod published_keys;
mod races;
mod remote_signer;
mod root_key;
mod satellite;
pub(crate) mod serving;
mod starting;
mod throttle;
mod tls;
mod trouble;
mod two_nodes;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use grantway_tests::{ISSUER, PASSWORD, redirect_of};

pub(crate) use self::assertive::{assertive, client_assertion};

/// The command line, in an environment where nobody's settings take part.
#[expect(clippy::disallowed_methods, reason = "xtask says in the environment where the program lies")]
pub(crate) fn grantway(folder: &Path) -> Command {
    let program = env::var("GRANTWAY_BIN")
        .unwrap_or_else(|_| panic!("GRANTWAY_BIN is not set: run `cargo xtask test`, which sets it"));
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRANTWAY_")) {
        command.env_remove(name);
    }
    command
}

/// One of the examples, which lie beside the program that they are about.
pub(crate) fn example(name: &str) -> Command {
    let mut command = grantway(Path::new("."));
    let path = Path::new(command.get_program()).with_file_name("examples").join(name);
    assert!(path.exists(), "{} is not there: run `cargo build --examples`", path.display());
    command = Command::new(path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// A configuration with the person and the confidential application of every other test.
fn declared(folder: &Path) -> PathBuf {
    declared_with(folder, "", "")
}

/// The same, with more keys of `[server]` and more tables.
pub(crate) fn declared_with(folder: &Path, server: &str, tables: &str) -> PathBuf {
    let path = folder.join("declared.toml");
    let text = format!(
        "[server]\nissuer = \"{ISSUER}\"\n{server}\n[[account]]\nusername = \"ada\"\npassword = \"{PASSWORD}\"\n\
         [[application]]\nclient_id = \"confidential\"\nclient_secret = \"sesame\"\n\
         redirect_uris = [\"{}\"]\n{tables}",
        redirect_of("confidential"),
    );
    fs::write(&path, text).unwrap();
    path
}

/// Runs it to its end, which it has to come to by itself.
fn ended(command: &mut Command) -> Output {
    command.output().unwrap()
}
