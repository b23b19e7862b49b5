//! A server that npm installs.

use std::process::Command;

use super::{comes_to_what_is_known, file};
use crate::interop::served::Served;

#[test]
fn oidc_provider_comes_to_what_is_known_of_it() {
    assert!(
        file("node", "node_modules/oidc-provider").is_dir(),
        "oidc-provider is not installed: run `cargo xtask test`, which installs it"
    );
    let mut node = Command::new("node");
    node.arg(file("node", "provider.mjs"));
    let served = Served::other(node);

    comes_to_what_is_known(served.issuer(), "node");
}
