//! `grantway keys signing`, beside a server that runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use grantway_core::testing::SeededEntropy;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use serde_json::Value;
use tempfile::TempDir;

use super::serving::Serving;
use super::{ended, grantway};

fn keys(folder: &Path, arguments: &[&str]) -> Value {
    let output = ended(grantway(folder).args(["keys", "signing"]).args(arguments).arg("--json"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Algorithm and turn of each key.
fn turns(listed: &Value) -> Vec<(&str, &str)> {
    let keys = listed["keys"].as_array().unwrap();
    keys.iter().map(|key| (key["alg"].as_str().unwrap(), key["turn"].as_str().unwrap())).collect()
}

#[test]
fn a_rotation_makes_keys_that_wait_and_a_withdrawal_leaves_only_new_ones() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let first = keys(folder.path(), &["list"]);

    let rotated = keys(folder.path(), &["rotate", "--alg", "ES256"]);
    let withdrawn = keys(folder.path(), &["rotate", "--withdraw"]);

    assert_eq!(turns(&first), [("RS256", "active"), ("ES256", "active")]);
    assert_eq!(turns(&rotated), [("RS256", "active"), ("ES256", "active"), ("ES256", "next")]);
    assert_eq!(turns(&withdrawn), [("RS256", "active"), ("ES256", "active")]);
    assert_ne!(withdrawn, first);
    let published: Value = serde_json::from_str(&serving.get("/.well-known/jwks.json")).unwrap();
    assert_eq!(published["keys"].as_array().unwrap().len(), 2, "the server reads them within a minute");
    let restarted = Serving::start(folder.path(), &[]);
    let published: Value = serde_json::from_str(&restarted.get("/.well-known/jwks.json")).unwrap();
    let kids = |keys: &Value| {
        let mut kids: Vec<_> =
            keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
        kids.sort_by_key(ToString::to_string);
        kids
    };
    assert_eq!(kids(&published), kids(&withdrawn));
}

#[test]
fn a_key_from_elsewhere_comes_in_and_goes_out_unchanged_into_a_file_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    let key = PrivateKey::generate(KeyKind::P256, &SeededEntropy::new(7)).unwrap();
    let (file, out) = (folder.path().join("own.pem"), folder.path().join("out.pem"));
    fs::write(&file, key.to_pem().expose()).unwrap();

    let imported = keys(folder.path(), &["import", file.to_str().unwrap()]);
    let kid = imported["keys"][0]["kid"].as_str().unwrap();
    let export = ["keys", "signing", "export", kid];
    let private = ended(grantway(folder.path()).args(export).arg("--private").arg("--out").arg(&out));
    let public = ended(grantway(folder.path()).args(export));

    assert_eq!(turns(&imported), [("ES256", "next")]);
    assert_eq!(private.status.code(), Some(0));
    assert_eq!(fs::read_to_string(&out).unwrap(), key.to_pem().expose());
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(String::from_utf8(public.stdout).unwrap().trim_end(), key.public().to_pem().trim_end());
}

#[test]
fn what_cannot_be_imported_or_exported_is_said_in_three_lines() {
    let folder = TempDir::new().unwrap();
    let wrong = PrivateKey::generate(KeyKind::P384, &SeededEntropy::new(7)).unwrap();
    let file = folder.path().join("wrong.pem");
    fs::write(&file, wrong.to_pem().expose()).unwrap();
    let file = file.to_str().unwrap();
    for (arguments, code, words) in [
        (&["import", file][..], 3, "ES256 needs P-256"),
        (&["import", file, "--alg", "ES384"], 3, "nothing is signed by ES384 here"),
        (&["import", "no-such-file"], 3, "cannot be imported"),
        (&["export", "no-such-key"], 3, "there is no signing key no-such-key"),
        (&["rotate", "--alg", "none"], 2, "none"),
    ] {
        let output = ended(grantway(folder.path()).args(["keys", "signing"]).args(arguments));

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(code == 2 || said.lines().count() == 3, "{arguments:?}: {said}");
    }
}
