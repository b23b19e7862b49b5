//! The layering and the fences, which are a test like any other (`tests/layering`).

use crate::failure::Failure;
use crate::workspace::{self, Workspace};

/// Runs that test alone.
///
/// `--workspace` although one package would do: with fewer packages cargo would settle on other
/// features, and build the libraries below a second time.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    workspace::run(
        workspace.cargo().args(["test", "--quiet", "--workspace", "--test", "integration", "layering::"]),
        "the test names the edge; CONTRIBUTING.md says where a trait or a test belongs instead",
    )
}
