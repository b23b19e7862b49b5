//! Clients that pip installs.

use std::path::Path;
use std::process::Command;

use grantway_core::jws::JwsAlgorithm;

use super::{signs_a_person_in, tokens, told_by_xtask};

#[test]
fn authlib_signs_a_person_in() {
    signs_a_person_in(script("authlib_client.py"));
}

#[test]
fn pyjwt_and_we_understand_the_tokens_and_keys_of_one_another() {
    // PyJWT does not know the name of RFC 9864.
    let known: Vec<_> = JwsAlgorithm::ALL.into_iter().filter(|own| *own != JwsAlgorithm::Ed25519).collect();
    // JWK, PEM and DER of PKCS#8, and for all but Ed25519 PKCS#1 or SEC 1 as well.
    let forms = 3 * 10 + 2 * 9;

    tokens::are_understood(script("pyjwt_tokens.py"), &known, forms);
}

pub(crate) fn script(name: &str) -> Command {
    let mut python = Command::new(told_by_xtask("GRANTWAY_PYTHON"));
    // The scripts lie in the checkout, where nothing compiled should appear.
    python.arg("-B").arg(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/python")).join(name));
    python
}
