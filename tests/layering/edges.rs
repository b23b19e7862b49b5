//! The star: every crate of ours leans on the core, and siblings have never heard of each other.

use super::ours;

#[test]
fn a_crate_names_only_those_of_ours_that_lie_below_it() {
    let names: Vec<&str> = ours().iter().map(|package| package.name.as_str()).collect();
    let mut forbidden = Vec::new();

    for package in ours() {
        for dependency in package.dependencies.iter().filter(|d| names.contains(&d.name.as_str())) {
            if !permitted(&package.name, &dependency.name) {
                forbidden.push(format!("{} -> {} ({})", package.name, dependency.name, dependency.kind));
            }
        }
    }

    assert!(forbidden.is_empty(), "edges that the layers do not have: {forbidden:#?}");
}

#[test]
fn every_crate_has_its_place_in_the_layers() {
    for package in ours() {
        let row = LAYERS.iter().any(|(name, _)| *name == package.name.as_str());
        assert!(row, "{} needs a row in LAYERS", package.name);
    }
}

#[test]
fn the_table_is_what_the_architecture_says() {
    for (from, to, allowed) in [
        ("grantway-server", "grantway-core", true),
        ("grantway-server", "grantway-store", false),
        ("grantway-login", "grantway-server", false),
        ("grantway-connect", "grantway-client", false),
        ("grantway-core", "grantway-jose", false),
        ("grantway-resource", "grantway-core", true),
        ("grantway-resource", "grantway-client", false),
        ("grantway-store-seaorm", "grantway-store", true),
        ("grantway-store-seaorm", "grantway-jose", false),
        ("grantway", "grantway-store-seaorm", true),
        ("grantway-tests", "grantway", true),
        ("grantway-server", "grantway", false),
        ("xtask", "grantway-core", false),
        ("grantway-bench", "grantway-core", false),
    ] {
        assert_eq!(permitted(from, to), allowed, "{from} -> {to}");
    }
}

fn permitted(from: &str, to: &str) -> bool {
    LAYERS.iter().any(|(name, may)| {
        *name == from
            && match may {
                MayName::Only(below) => below.contains(&to),
                MayName::Any => true,
            }
    })
}

enum MayName {
    Only(&'static [&'static str]),
    Any,
}

const LAYERS: &[(&str, MayName)] = &[
    ("grantway-core", MayName::Only(&[])),
    ("grantway-jose", MayName::Only(&["grantway-core"])),
    ("grantway-client", MayName::Only(&["grantway-core"])),
    ("grantway-store", MayName::Only(&["grantway-core"])),
    ("grantway-server", MayName::Only(&["grantway-core"])),
    ("grantway-resource", MayName::Only(&["grantway-core"])),
    ("grantway-login", MayName::Only(&["grantway-core"])),
    ("grantway-doctor", MayName::Only(&["grantway-core"])),
    ("grantway-connect", MayName::Only(&["grantway-core"])),
    ("grantway-store-seaorm", MayName::Only(&["grantway-core", "grantway-store"])),
    ("grantway", MayName::Any),
    ("grantway-tests", MayName::Any),
    ("grantway-bench", MayName::Only(&[])),
    ("xtask", MayName::Only(&[])),
];
