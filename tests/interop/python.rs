//! Clients that pip installs.

use std::process::Command;

use super::{signs_a_person_in, told_by_xtask};

#[test]
fn authlib_signs_a_person_in() {
    let mut python = Command::new(told_by_xtask("GRANTWAY_PYTHON"));
    // The scripts lie in the checkout, where nothing compiled should appear.
    python.arg("-B").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/python/authlib_client.py"));

    signs_a_person_in(python);
}
