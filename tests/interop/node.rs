//! Clients that npm installs.

use std::path::Path;
use std::process::Command;

use super::signs_a_person_in;

#[test]
fn openid_client_signs_a_person_in() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/node"));
    assert!(
        folder.join("node_modules/openid-client").is_dir(),
        "openid-client is not installed: run `cargo xtask test`, which installs it"
    );
    let mut node = Command::new("node");
    node.arg(folder.join("openid_client.mjs"));

    signs_a_person_in(node);
}
