//! The OAuth clients that npm installs, from the lock file in `tests/interop/node`.

use std::path::Path;

use crate::npm;
use crate::test::need::Met;
use crate::workspace::Workspace;

pub(super) fn meet(workspace: &Workspace) -> Result<Met, String> {
    npm::ci(workspace, Path::new("tests/interop/node")).map(|()| Met::default())
}
