//! `cargo xtask fuzz`: each target of `tests/fuzz` for a while, by cargo-fuzz on the stable toolchain.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::Verdict;
use crate::failure::Failure;
use crate::say;
use crate::test::need::version;
use crate::workspace::{self, Workspace};

#[derive(Args)]
pub(crate) struct FuzzFlags {
    /// So long for each target
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// This target alone; may be repeated (a wrong NAME lists them)
    #[arg(long = "target", value_name = "NAME")]
    targets: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, flags: &FuzzFlags) -> Result<Verdict, Failure> {
    let targets = chosen(targets(workspace)?, &flags.targets)?;
    let fuzzer = Fuzzer::find(workspace)?;
    say::step("build the targets", || fuzzer.build(&targets))?;
    let mut failed = Vec::new();
    for target in &targets {
        match say::step(&format!("fuzz {target}"), || fuzzer.fuzz(target, flags.seconds)) {
            Ok(inputs) => say::line(format_args!("    {target}: {inputs} inputs")),
            Err(failure) => {
                say::failure(&failure);
                failed.push(target.as_str());
            }
        }
    }
    if failed.is_empty() {
        say::line(format_args!("fuzz: all {} good", targets.len()));
        return Ok(Verdict::Good);
    }
    say::line(format_args!("fuzz: {} of {} failed: {}", failed.len(), targets.len(), failed.join(", ")));
    Ok(Verdict::Bad)
}

/// cargo-fuzz, and where it works.
struct Fuzzer<'a> {
    workspace: &'a Workspace,
    program: PathBuf,
    /// Builds, what it found new ways with, and what it said.
    work: PathBuf,
}

impl<'a> Fuzzer<'a> {
    /// The one on the PATH; else the one in the target directory, installed there if need be.
    fn find(workspace: &'a Workspace) -> Result<Self, Failure> {
        let work = workspace.target().join("fuzz");
        let tools = work.join("tools");
        let places = [PathBuf::from("cargo-fuzz"), tools.join("bin/cargo-fuzz")];
        let there = |program: &PathBuf| version(program, OLDEST).is_some();
        let [_, installed] = &places;
        let program = if let Some(place) = places.iter().find(|place| there(place)) {
            place.clone()
        } else {
            let install = || install(workspace, &tools);
            say::step("install cargo-fuzz into the target directory", install)?;
            installed.clone()
        };
        Ok(Self { workspace, program, work })
    }

    fn build(&self, targets: &[String]) -> Result<(), Failure> {
        let next = "mend what the compiler names; libFuzzer itself needs a C++ compiler";
        match targets {
            [one] => workspace::run(self.cargo_fuzz("build").arg(one), next),
            _ => workspace::run(&mut self.cargo_fuzz("build"), next),
        }
    }

    /// How many inputs were tried, if none of them failed.
    fn fuzz(&self, target: &str, seconds: u32) -> Result<String, Failure> {
        let found = self.work.join("corpus").join(target);
        let said = self.work.join("said").join(target);
        for folder in [&found, &self.work.join("said")] {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        let mut fuzz = self.cargo_fuzz("run");
        // New inputs go to the first folder; the seeds in the checkout are read and left as they are.
        fuzz.arg(target).arg(found).arg(seeds(self.workspace, target)).arg("--");
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.args(["-timeout=10", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"]);
        fuzz.stderr(File::create(&said).map_err(|error| unwritable(&said, &error))?);
        let outcome = workspace::run(
            &mut fuzz,
            "try the input named above again with `cargo fuzz run --fuzz-dir tests/fuzz`; mend it, and keep \
             the input in tests/fuzz/corpus or as a test of the crate",
        );
        let said = fs::read_to_string(&said).unwrap_or_default();
        outcome.inspect_err(|_| say::line(said.trim_end()))?;
        Ok(inputs(&said).unwrap_or("no").to_owned())
    }

    /// Without a sanitizer, which needs a nightly compiler: there is no unsafe code of ours to watch.
    fn cargo_fuzz(&self, verb: &str) -> Command {
        let mut cargo_fuzz = self.workspace.unaware(&self.program);
        cargo_fuzz.args(["fuzz", verb, "--sanitizer", "none"]);
        cargo_fuzz.arg("--fuzz-dir").arg(FOLDER).arg("--target-dir").arg(self.work.join("build"));
        cargo_fuzz
    }
}

fn install(workspace: &Workspace, tools: &Path) -> Result<(), Failure> {
    let mut install = workspace.cargo();
    install.args(["install", "cargo-fuzz", "--locked", "--version", INSTALLED, "--root"]).arg(tools);
    workspace::run(&mut install, "see that cargo reaches its registry, or put a cargo-fuzz on the PATH")
}

/// What there is.
fn targets(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let folder = workspace.root().join(FOLDER).join("targets");
    let unreadable =
        |error| Failure::new("the targets of tests/fuzz cannot be read", error, "check tests/fuzz out again");
    let mut targets = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        targets.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    targets.sort();
    Ok(targets)
}

fn chosen(there: Vec<String>, wanted: &[String]) -> Result<Vec<String>, Failure> {
    if let Some(wrong) = wanted.iter().find(|name| !there.contains(name)) {
        let next = format!("choose from {}", there.join(", "));
        return Err(Failure::new(format_args!("there is no target {wrong:?}"), "tests/fuzz has none", next));
    }
    Ok(there.into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)).collect())
}

fn seeds(workspace: &Workspace, target: &str) -> PathBuf {
    workspace.root().join(FOLDER).join("corpus").join(target)
}

/// As libFuzzer counts them in its last words.
fn inputs(said: &str) -> Option<&str> {
    said.lines().rev().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).map(str::trim)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format_args!("{} cannot be written", path.display()), error, "see who may write there")
}

const FOLDER: &str = "tests/fuzz";
const OLDEST: (u32, u32) = (0, 13);
const INSTALLED: &str = "0.13.2";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_is_not_there_is_answered_with_those_that_are() {
        let there = || vec!["cookie".to_owned(), "form".to_owned()];

        assert!(chosen(there(), &["from".to_owned()]).is_err_and(|failure| failure.next.contains("form")));
        assert!(chosen(there(), &["form".to_owned()]).is_ok_and(|targets| targets == ["form"]));
        assert!(chosen(there(), &[]).is_ok_and(|targets| targets == there()));
    }

    #[test]
    fn the_inputs_are_those_that_were_tried() {
        let said = "INFO: seed corpus\nstat::number_of_executed_units: 12345\nstat::new_units_added:  7\n";

        assert_eq!(inputs(said), Some("12345"));
        assert_eq!(inputs("it never began"), None);
    }
}
