//! The architecture, asserted over `cargo metadata`: who may know whom, and who may know what.
//!
//! Normal, build and dev dependencies alike. A new crate needs a row in `edges`, a new heavy
//! library one in `fences`.

mod edges;
mod fences;
mod manifests;

use std::sync::LazyLock;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};

/// The members of the workspace.
fn ours() -> Vec<&'static Package> {
    TREE.workspace_packages()
}

/// Every package that any feature of ours leads to, on any platform.
static TREE: LazyLock<Metadata> = LazyLock::new(|| {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .exec()
        .expect("cargo can describe the workspace that it builds")
});
