//! `cargo xtask soak`: builds the histories of the tests package and lets them run for a while.

use std::process::Command;

use crate::Verdict;
use crate::failure::Failure;
use crate::say;
use crate::test::{self, Built};
use crate::workspace::{self, Workspace};

pub(crate) fn run(workspace: &Workspace, minutes: u64, seed: Option<u64>) -> Result<Verdict, Failure> {
    test::postgres::programs()
        .map_err(|missing| Failure::new("there is no PostgreSQL here", "half of it needs one", missing))?;
    let Built { soak, xtask, .. } = say::step("build", || test::build(workspace))?;
    let mut soaking = Command::new(soak);
    soaking.args(["--minutes", &minutes.to_string()]).env("GRANTWAY_XTASK", xtask);
    soaking.args(seed.map(|seed| format!("--seed={seed}")));
    // What it says is for whoever reads this; how it ended is all that is left to pass on.
    let status = soaking.status().map_err(|error| workspace::not_started(&soaking, &error))?;
    Ok(if status.success() { Verdict::Good } else { Verdict::Bad })
}
