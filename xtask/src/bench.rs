//! `cargo xtask bench`: what a request costs, by `crates/bench`, against the program as it is shipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::failure::Failure;
use crate::workspace::{self, Workspace};
use crate::{npm, say};

#[derive(Args)]
pub(crate) struct BenchFlags {
    /// Shorter: for a look, not for a comparison
    #[arg(long)]
    quick: bool,
    /// This workload alone; may be repeated (a wrong NAME lists them)
    #[arg(long = "workload", value_name = "NAME")]
    workloads: Vec<String>,
    /// Write the figures here
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print what is new in relation to the figures in FILE
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Instead of the table: refreshes beside so many rows that are over and get removed
    #[arg(long, value_name = "ROWS", conflicts_with_all = ["workloads", "json", "compare", "peer"])]
    expired: Option<u32>,
    /// Measure npm's `oidc-provider` over SQLite as well
    #[arg(long)]
    peer: bool,
}

pub(crate) fn run(workspace: &Workspace, flags: &BenchFlags) -> Result<(), Failure> {
    // Each by itself: together, the server would be built with features that only the bench asks for.
    let server = say::step("build the server", || release(workspace, "grantway", "grantway-server"))?;
    let bench = say::step("build the bench", || release(workspace, "grantway-bench", "grantway-bench"))?;
    let mut bench = Command::new(bench);
    bench.arg("run").arg("--server").arg(server);
    bench.arg("--scratch").arg(workspace.target().join("bench"));
    bench.args(compiler().iter().flat_map(|version| ["--rustc", version]));
    if flags.quick {
        bench.arg("--quick");
    }
    bench.args(flags.workloads.iter().flat_map(|name| ["--workload", name]));
    bench.args(flags.expired.iter().flat_map(|rows| ["--expired".to_owned(), rows.to_string()]));
    let files = [("--json", &flags.json), ("--compare", &flags.compare)];
    for (flag, file) in files.iter().filter_map(|(flag, file)| Some((flag, file.as_ref()?))) {
        bench.arg(flag).arg(file);
    }
    if flags.peer {
        bench.arg("--peer").arg(peer(workspace)?);
    }
    say::step("bench", || workspace::run(&mut bench, "see what the bench says above"))
}

fn release(workspace: &Workspace, package: &str, program: &str) -> Result<PathBuf, Failure> {
    let mut build = workspace.cargo();
    build.args(["build", "--release", "--package", package, "--bin", program]);
    workspace::built(&mut build, [program]).map(|[program]| program)
}

/// Where the peer lies, once npm has fetched what it is made of.
fn peer(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let folder = Path::new("crates/bench/peer");
    npm::ci(workspace, folder).map_err(|missing| {
        Failure::new("the peer cannot be measured", missing, "do what that says, or leave --peer out")
    })?;
    Ok(workspace.root().join(folder))
}

fn compiler() -> Option<String> {
    let said = Command::new("rustc").arg("--version").output().ok()?.stdout;
    Some(String::from_utf8_lossy(&said).trim().to_owned()).filter(|version| !version.is_empty())
}
