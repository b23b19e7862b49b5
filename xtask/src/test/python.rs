//! The OAuth clients that pip installs, in a venv in the target directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::say;
use crate::test::need::{Met, version};
use crate::workspace::{self, Workspace};

pub(super) fn meet(workspace: &Workspace) -> Result<Met, String> {
    let (python, said) = ["python3", "python"]
        .into_iter()
        .find_map(|tool| version(tool, OLDEST).map(|said| (tool, said)))
        .ok_or_else(|| format!("Python {}.{} or newer as `python3`: install python3", OLDEST.0, OLDEST.1))?;

    let requirements = workspace.root().join("tests/interop/python/requirements.txt");
    let pins = fs::read_to_string(&requirements)
        .map_err(|error| format!("tests/interop/python/requirements.txt ({error}): check it out again"))?;
    let venv = workspace.target().join("interop/python");
    let stamp = venv.join(".installed-from");
    let installed = format!("{said}\n{pins}");
    if !fs::read_to_string(&stamp).is_ok_and(|found| found == installed) {
        say::step("pip install", || install(python, &venv, &requirements)).map_err(|failure| failure.next)?;
        fs::write(&stamp, installed)
            .map_err(|error| format!("{} ({error}): make it writable", stamp.display()))?;
    }
    Ok(Met { told: vec![("GRANTWAY_PYTHON", python_of(&venv).into())], ..Met::default() })
}

fn install(python: &str, venv: &Path, requirements: &Path) -> Result<(), Failure> {
    workspace::run(
        Command::new(python).args(["-m", "venv", "--clear"]).arg(venv),
        "a Python virtual environment: install python3-venv",
    )?;
    // The pins carry digests, so what is installed is what was looked at when they were written.
    let mut pip = Command::new(python_of(venv));
    pip.args(["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]);
    pip.args(["--require-hashes", "--requirement"]).arg(requirements);
    workspace::run(&mut pip, "the PyPI packages of tests/interop/python: see that pip reaches its registry")
}

fn python_of(venv: &Path) -> PathBuf {
    venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

const OLDEST: (u32, u32) = (3, 10);
