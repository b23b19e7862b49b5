//! Heavy libraries stay where they are, so that one crate alone can be depended on without them.

use super::{TREE, ours};

#[test]
fn a_heavy_library_is_named_only_inside_its_fence() {
    let mut outside = Vec::new();

    for package in ours() {
        // Floors are written with the same libraries as the product, and nothing links to them.
        for dependency in package.dependencies.iter().filter(|_| package.name.as_str() != UNFENCED) {
            let fence = FENCES.iter().find(|(library, _)| *library == dependency.name);
            if let Some((library, inside)) = fence
                && !inside.contains(&package.name.as_str())
            {
                outside.push(format!("{} -> {library} ({})", package.name, dependency.kind));
            }
        }
    }

    assert!(outside.is_empty(), "libraries outside their fence: {outside:#?}");
}

#[test]
fn no_second_cryptography_is_anywhere_in_the_tree() {
    let found: Vec<String> = TREE
        .packages
        .iter()
        .filter(|package| UNWANTED.contains(&package.name.as_str()))
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();

    assert!(found.is_empty(), "`cargo tree --invert NAME --target all` says who brought it: {found:?}");
}

/// The library, and who may name it.
const FENCES: &[(&str, &[&str])] = &[
    ("ring", &["grantway-jose"]),
    // For what ring does not do.
    ("p256", &["grantway-jose"]),
    ("p384", &["grantway-jose"]),
    ("p521", &["grantway-jose"]),
    ("rsa", &["grantway-jose"]),
    ("sea-orm", &["grantway-store-seaorm"]),
    ("sea-orm-migration", &["grantway-store-seaorm"]),
    // The tests make schemas of their own, and do to tables what an operator might.
    ("sqlx", &["grantway-store-seaorm", "grantway-tests"]),
    ("rusqlite", &[]),
    ("tokio-postgres", &[]),
    ("reqwest", &["grantway-client"]),
    // TLS for those who listen, the server and somebody else's in tests, and to look at that of others. Certificates are
    // made in tests alone.
    ("tokio-rustls", &["grantway-client", "grantway", "grantway-tests"]),
    ("rcgen", &["grantway-client", "grantway-tests"]),
    ("lettre", &["grantway"]),
    // The binaries and the tests put routers together, and draw no page.
    (
        "axum",
        &[
            "grantway-server",
            "grantway-login",
            "grantway-connect",
            "grantway-doctor",
            "grantway",
            "grantway-tests",
        ],
    ),
    ("askama", &["grantway-server", "grantway-login", "grantway-doctor"]),
    // Reads pages in tests; parts of it are MPL-2.0.
    ("scraper", &["grantway-tests"]),
];

const UNFENCED: &str = "grantway-bench";

const UNWANTED: &[&str] = &["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl", "openssl-sys"];
