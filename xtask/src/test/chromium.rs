//! Chromium, in which people's ways through the pages are played, and the npm packages that play them.

use std::env;
use std::path::{self, Path, PathBuf};

use crate::npm;
use crate::test::debian;
use crate::test::need::{Met, version};
use crate::workspace::Workspace;

pub(super) fn meet(workspace: &Workspace) -> Result<Met, String> {
    let program = env::var_os(NAMED).map_or_else(find_or_install, |name| named(Path::new(&name)))?;
    npm::ci(workspace, Path::new("tests/browser"))?;
    // Of them the mail server: people read their mail on the way.
    npm::ci(workspace, Path::new("tests/interop/node"))?;
    Ok(Met { told: vec![(NAMED, program.into())], ..Met::default() })
}

fn find_or_install() -> Result<PathBuf, String> {
    find()
        .or_else(|| debian::install("chromium").ok().and_then(|()| find()))
        .ok_or_else(|| format!("Chromium as `{}`: install one of them, or set {NAMED}", NAMES.join("` or `")))
}

/// What plays in it takes no name but a whole path, so none is handed on.
fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| starts(place))
}

fn named(program: &Path) -> Result<PathBuf, String> {
    path::absolute(program).ok().filter(|program| starts(program)).ok_or_else(|| {
        format!("{NAMED} ({}) does not start: set it to another, or unset it", program.display())
    })
}

/// Being there is not enough: Ubuntu's `chromium-browser` may do nothing but ask for a snap.
fn starts(program: &Path) -> bool {
    version(program, (0, 0)).is_some()
}

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The path of another one than those names find.
const NAMED: &str = "GRANTWAY_CHROMIUM";
