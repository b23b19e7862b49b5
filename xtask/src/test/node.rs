//! What npm installs: OAuth clients from the lock file in `tests/interop/node`, and a provider from that in
//! `tests/conformance/node`.

use std::path::Path;

use crate::npm;
use crate::test::need::Met;
use crate::workspace::Workspace;

pub(super) fn meet(workspace: &Workspace) -> Result<Met, String> {
    for folder in ["tests/interop/node", "tests/conformance/node"] {
        npm::ci(workspace, Path::new(folder))?;
    }
    Ok(Met::default())
}
