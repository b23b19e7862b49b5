//! What a crate must say of itself before somebody can depend on it alone.

use std::fs;
use std::path::Path;

use cargo_metadata::Package;

use super::ours;

#[test]
fn a_crate_for_others_says_what_it_is() {
    for package in ours().into_iter().filter(|package| is_published(package)) {
        let name = &package.name;
        assert!(package.description.is_some(), "{name} has no description");
        assert!(package.license.is_some(), "{name} has no license");
        assert!(package.rust_version.is_some(), "{name} has no rust-version");
        assert!(folder(package).join("README.md").is_file(), "{name} has no README.md");
    }
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    for package in ours() {
        let manifest = fs::read_to_string(&package.manifest_path).expect("cargo has just read it");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} sets its own lints", package.name);
    }
}

/// `publish = false` is an empty list of registries.
fn is_published(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}

fn folder(package: &Package) -> &Path {
    package.manifest_path.parent().expect("a manifest lies in a folder").as_std_path()
}
