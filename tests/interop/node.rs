//! Clients that npm installs, and a mail server.

mod mail;

use std::path::Path;
use std::process::Command;

use grantway_core::jws::JwsAlgorithm;

use super::{signs_a_person_in, tokens};

#[test]
fn openid_client_signs_a_person_in() {
    signs_a_person_in(script("openid-client", "openid_client.mjs"));
}

#[test]
fn jose_and_we_understand_the_tokens_and_keys_of_one_another() {
    // JWK, PEM and DER of PKCS#8, and for all but the two names of Ed25519 PKCS#1 or SEC 1 as well.
    let forms = 3 * 11 + 2 * 9;

    tokens::are_understood(script("jose", "jose_tokens.mjs"), &JwsAlgorithm::ALL, forms);
}

pub(super) fn script(package: &str, name: &str) -> Command {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/node"));
    assert!(
        folder.join("node_modules").join(package).is_dir(),
        "{package} is not installed: run `cargo xtask test`, which installs it"
    );
    let mut node = Command::new("node");
    node.arg(folder.join(name));
    node
}
