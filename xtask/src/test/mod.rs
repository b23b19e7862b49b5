//! `cargo xtask test`: every test there is, and what they need.

mod chromium;
mod debian;
mod httpd;
pub(crate) mod need;
mod node;
pub(crate) mod postgres;
mod python;
mod strace;
mod tally;

use std::ffi::OsString;
use std::io::BufRead;
use std::path::PathBuf;
use std::process::Command;

use crate::Verdict;
use crate::failure::Failure;
use crate::say;
use crate::workspace::{self, Workspace};
use need::{Met, Need};
use tally::Tally;

/// Fetches what the tests need, builds, runs them all, and closes with one line for machines.
///
/// Nothing but `without` leaves a test out: a need that cannot be met is a failure here, and a
/// test that finds its client missing fails by itself.
pub(crate) fn run(workspace: &Workspace, without: &[Need]) -> Result<Verdict, Failure> {
    let met = needs(workspace, without)?;
    let Built { grantway, xtask, .. } = say::step("build", || build(workspace))?;

    let mut tests = workspace.cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("GRANTWAY_BIN", grantway)
        .env("GRANTWAY_XTASK", xtask);
    let (told, running): (Vec<_>, Vec<_>) = met.into_iter().map(|met| (met.told, met.running)).unzip();
    tests.envs(told.into_iter().flatten());
    tests.arg("--").args(without.iter().flat_map(|need| ["--skip", need.tests()]));
    if say::in_colour() {
        tests.args(["--color", "always"]);
    }
    let tally = say::step("tests", || count(&mut tests))?;
    drop(running);

    tally.close(without);
    Ok(if tally.is_good() { Verdict::Good } else { Verdict::Bad })
}

/// Meets one need alone, which takes nothing that must run: what its tests must be told.
pub(crate) fn meet(workspace: &Workspace, need: Need) -> Result<Vec<(&'static str, OsString)>, Failure> {
    let met = need.meet(workspace).map_err(|missing| {
        Failure::new(format_args!("this needs {need}"), missing, "do what that says, then run it again")
    })?;
    Ok(met.told)
}

/// Meets every need that is not left out.
fn needs(workspace: &Workspace, without: &[Need]) -> Result<Vec<Met>, Failure> {
    let mut met = Vec::new();
    let mut unmet = Vec::new();
    for need in need::ALL.iter().filter(|need| !without.contains(need)) {
        match need.meet(workspace) {
            Ok(need) => met.push(need),
            Err(missing) => unmet.push(format!("{missing}, or leave its tests out: --without {need}")),
        }
    }
    if unmet.is_empty() {
        return Ok(met);
    }
    for missing in &unmet {
        say::line(format_args!("missing: {missing}"));
    }
    Err(Failure::new(
        "the tests need what this machine does not have",
        format_args!("{} missing, named above", unmet.len()),
        "do what the lines above say, then run `cargo xtask test` again",
    ))
}

/// Programs that tests start.
pub(crate) struct Built {
    pub(crate) grantway: PathBuf,
    /// As it is built now: this very process may be of a moment ago.
    pub(crate) xtask: PathBuf,
    /// Of the tests package, beside all else it starts.
    pub(crate) soak: PathBuf,
}

/// Builds what will run, and says where it lies.
pub(crate) fn build(workspace: &Workspace) -> Result<Built, Failure> {
    let mut build = workspace.cargo();
    // Programs together with tests: alone they would get other features and be built twice.
    build.args(["build", "--workspace", "--bins", "--examples", "--tests"]);
    let [grantway, xtask, soak] = workspace::built(&mut build, ["grantway", "xtask", "soak"])?;
    Ok(Built { grantway, xtask, soak })
}

/// Runs cargo's tests, passes on what they say as they say it, and counts.
fn count(tests: &mut Command) -> Result<Tally, Failure> {
    let mut running = workspace::piped(tests)?;
    let mut tally = Tally::default();
    for line in workspace::lines_of(&mut running).split(b'\n') {
        let line = line.map_err(|error| workspace::not_started(tests, &error))?;
        let line = String::from_utf8_lossy(&line);
        say::line(&line);
        tally.read(&line);
    }
    let status = running.wait().map_err(|error| workspace::not_started(tests, &error))?;
    tally.ended(status.success());
    Ok(tally)
}
