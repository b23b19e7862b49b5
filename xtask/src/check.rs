//! `cargo xtask check`: everything that can be known without running the product.

use crate::Verdict;
use crate::bench::FOREIGN;
use crate::failure::Failure;
use crate::workspace::{self, Workspace};
use crate::{layers, licences, say, tidy};

/// Does every check, the quick ones first, and names those that failed at the end.
pub(crate) fn run(workspace: &Workspace) -> Verdict {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        if let Err(failure) = say::step(name, || check(workspace)) {
            say::failure(&failure);
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        say::line(format_args!("check: all {} good", CHECKS.len()));
        return Verdict::Good;
    }
    say::line(format_args!("check: {} of {} failed: {}", failed.len(), CHECKS.len(), failed.join(", ")));
    Verdict::Bad
}

type Check = fn(&Workspace) -> Result<(), Failure>;

const CHECKS: &[(&str, Check)] = &[
    ("words", tidy::words),
    ("format", format),
    ("licences", licences::run),
    ("lints", lints),
    ("fuzz targets", fuzz_targets),
    ("contenders", contenders),
    ("docs", docs),
    ("layers", layers::run),
];

fn format(workspace: &Workspace) -> Result<(), Failure> {
    workspace::run(workspace.cargo().args(["fmt", "--all", "--check"]), "run `cargo fmt --all`")?;
    // Workspaces of their own, which `--all` does not reach from here.
    for manifest in [FUZZ, FOREIGN] {
        let mut fmt = workspace.cargo();
        fmt.args(["fmt", "--all", "--manifest-path", manifest, "--check"]);
        workspace::run(&mut fmt, &format!("run `cargo fmt --all --manifest-path {manifest}`"))?;
    }
    Ok(())
}

/// Nothing else compiles the targets but fuzzing, and that is rare.
fn fuzz_targets(workspace: &Workspace) -> Result<(), Failure> {
    let mut clippy = workspace.cargo();
    clippy.args(["clippy", "--manifest-path", FUZZ, "--locked", "--", "-D", "warnings"]);
    // Nothing is linked, so that libFuzzer need not be there, nor a compiler of C++ to make it with.
    clippy.env("CUSTOM_LIBFUZZER_PATH", workspace.target().join("libfuzzer.a"));
    workspace::run(&mut clippy, "mend the target that the compiler names")
}

/// What a bench measures, which nothing else compiles and a change of ours can break. One is left out: it brings a C
/// library with it, whose building takes longer than everything here.
fn contenders(workspace: &Workspace) -> Result<(), Failure> {
    let mut clippy = workspace.cargo();
    clippy.args(["clippy", "--manifest-path", FOREIGN, "--locked", "--all-targets"]);
    // Most of what they are made of has been checked for the workspace, and lies there.
    clippy.arg("--target-dir").arg(workspace.target());
    clippy.args(["--workspace", "--exclude", "contest-jsonwebtoken", "--", "-D", "warnings"]);
    workspace::run(&mut clippy, "mend the contender that the compiler names")
}

fn lints(workspace: &Workspace) -> Result<(), Failure> {
    let mut clippy = workspace.cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]);
    let remedy = "mend what clippy names; an exception is `#[expect(lint, reason = \"…\")]`";
    workspace::run(&mut clippy, remedy)?;
    // What is left out together must be missed by nobody.
    let mut bare = workspace.cargo();
    bare.args(["clippy", "--package", "grantway", "--no-default-features", "--", "-D", "warnings"]);
    workspace::run(&mut bare, remedy)
}

fn docs(workspace: &Workspace) -> Result<(), Failure> {
    let mut doc = workspace.cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings");
    workspace::run(&mut doc, "mend the page that rustdoc names")
}

const FUZZ: &str = "tests/fuzz/Cargo.toml";
