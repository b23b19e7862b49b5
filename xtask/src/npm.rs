//! `npm ci`: packages of Node.js from the lock file of a folder, and only when it has changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::say;
use crate::test::need::version;
use crate::workspace::{self, Workspace};

/// Installs what the lock file of `folder`, a path within the checkout, names; or says in one line what
/// is missing and the remedy.
pub(crate) fn ci(workspace: &Workspace, folder: &Path) -> Result<(), String> {
    let remedy = "install nodejs and npm";
    let node = version("node", OLDEST_NODE).ok_or_else(|| {
        let (major, minor) = OLDEST_NODE;
        format!("Node.js {major}.{minor} or newer as `node`: {remedy}")
    })?;
    version("npm", OLDEST_NPM).ok_or_else(|| format!("npm as `npm`: {remedy}"))?;

    let name = folder.display();
    let folder = workspace.root().join(folder);
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .map_err(|error| format!("{name}/package-lock.json ({error}): check it out again"))?;
    let stamp = folder.join("node_modules/.installed-from");
    let installed = format!("{node}\n{lock}");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == installed) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    // No package here needs a script of its own to be installed, so none gets to run one.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
    say::step("npm ci", || workspace::run(&mut npm, "see what npm says above"))
        .map_err(|_| format!("the npm packages of {name}: see that npm reaches its registry"))?;
    fs::write(&stamp, installed)
        .map_err(|error| format!("{} ({error}): make it writable", stamp.display()))?;
    Ok(())
}

const OLDEST_NODE: (u32, u32) = (20, 19);
const OLDEST_NPM: (u32, u32) = (9, 0);
