//! `cargo xtask bench`: what a request costs, by `crates/bench`, against the program as it is shipped.

use std::array;
use std::ffi::OsString;
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
    /// Instead of the table: what our libraries cost beside others, in the same minutes
    ///
    /// Signing and verifying by each algorithm, beside ring and the crate jsonwebtoken; reading a token endpoint's
    /// reply, beside the crate oauth2. Builds all of them in tests/foreign, for which a C compiler is needed; measuring
    /// takes about four minutes.
    #[arg(long, conflicts_with_all = ["workloads", "compare", "expired", "peer"])]
    libraries: bool,
}

pub(crate) fn run(workspace: &Workspace, flags: &BenchFlags) -> Result<(), Failure> {
    if flags.libraries { libraries(workspace, flags) } else { requests(workspace, flags) }
}

fn requests(workspace: &Workspace, flags: &BenchFlags) -> Result<(), Failure> {
    // Each by itself: together, the server would be built with features that only the bench asks for.
    let server = say::step("build the server", || release(workspace, "grantway", "grantway-server"))?;
    let mut bench = bench(workspace, "run", flags)?;
    bench.arg("--server").arg(server);
    bench.arg("--scratch").arg(workspace.target().join("bench"));
    bench.args(flags.workloads.iter().flat_map(|name| ["--workload", name]));
    bench.args(flags.expired.iter().flat_map(|rows| ["--expired".to_owned(), rows.to_string()]));
    if let Some(file) = &flags.compare {
        bench.arg("--compare").arg(file);
    }
    if flags.peer {
        bench.arg("--peer").arg(peer(workspace)?);
    }
    measure(&mut bench)
}

fn libraries(workspace: &Workspace, flags: &BenchFlags) -> Result<(), Failure> {
    let mut bench = bench(workspace, "libraries", flags)?;
    let build = |package, contender| contenders(workspace, package, [contender]);
    let jsonwebtoken = [
        ("jsonwebtoken(aws-lc)", "contest-jsonwebtoken-aws-lc"),
        ("jsonwebtoken(RustCrypto)", "contest-jsonwebtoken-rust-crypto"),
    ];
    let oauth2 = [
        ("oauth2", "contest-oauth2"),
        ("oauth2(every member)", "contest-oauth2-every-member"),
        ("oauth2(serde alone)", "contest-oauth2-serde"),
    ];
    let [oauth2, others @ ..] = contenders(workspace, "contest-oauth2", oauth2)?;
    // First who is compared with, then ours.
    let signers = build("contest-ring", ("ring", "contest-ring"))?
        .into_iter()
        .chain(build("contest-grantway", ("ours", "contest-grantway"))?)
        .chain(contenders(workspace, "contest-jsonwebtoken", jsonwebtoken)?);
    let readers = [oauth2]
        .into_iter()
        .chain(build("contest-grantway-client", ("ours", "contest-grantway-client"))?)
        .chain(others);
    bench.args(signers.flat_map(|signer| ["--signer".into(), signer]));
    bench.args(readers.flat_map(|reader| ["--reader".into(), reader]));
    measure(&mut bench)
}

/// The program that measures, with what is said to it whatever it measures.
fn bench(workspace: &Workspace, what: &str, flags: &BenchFlags) -> Result<Command, Failure> {
    let program = say::step("build the bench", || release(workspace, "grantway-bench", "grantway-bench"))?;
    let mut bench = Command::new(program);
    bench.arg(what).args(compiler().iter().flat_map(|version| ["--rustc", version]));
    if flags.quick {
        bench.arg("--quick");
    }
    if let Some(file) = &flags.json {
        bench.arg("--json").arg(file);
    }
    Ok(bench)
}

fn measure(bench: &mut Command) -> Result<(), Failure> {
    say::step("bench", || workspace::run(bench, "see what the bench says above"))
}

/// Programs of a workspace of their own, built apart from ours, each behind its name and `=`. Each package is built by
/// itself, so that none asks for features of what another is made of.
fn contenders<const N: usize>(
    workspace: &Workspace,
    package: &str,
    contenders: [(&str, &str); N],
) -> Result<[OsString; N], Failure> {
    let programs = say::step(&format!("build {package}"), || {
        let mut build = workspace.cargo();
        build.args(["build", "--release", "--locked", "--manifest-path", FOREIGN, "--package", package]);
        build.arg("--target-dir").arg(workspace.target().join("foreign"));
        workspace::built(&mut build, contenders.map(|(_, program)| program))
    })?;
    Ok(array::from_fn(|at| {
        let mut named = OsString::from(format!("{}=", contenders[at].0));
        named.push(&programs[at]);
        named
    }))
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

pub(crate) const FOREIGN: &str = "tests/foreign/Cargo.toml";
