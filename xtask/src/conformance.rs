//! `cargo xtask conformance`: builds the conformance suite of the tests package and lets it loose on an issuer.

use std::process::{Command, ExitCode};

use crate::failure::Failure;
use crate::workspace::{self, Workspace};

/// What it says and how it ends are for whoever called.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let mut build = workspace.cargo();
    build.args(["build", "--package", "grantway-tests", "--bin", "conformance"]);
    // Nothing is said on the way: what comes on standard output may be read by a program.
    let [suite] = workspace::built(&mut build, ["conformance"])?;
    let mut suite = Command::new(suite);
    suite.args(arguments);
    let status = suite.status().map_err(|error| workspace::not_started(&suite, &error))?;
    // Without a code it was ended by a signal.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
