//! Somebody's published keys: none that is usable is private or broken, each is written and read again the
//! same, and every key of the document is accounted for.

#![no_main]

use grantway_core::jwk::Jwk;
use grantway_jose::key_set::KeySet;
use grantway_jose::public_key::PublicKey;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|raw: &[u8]| {
    let Ok(set) = KeySet::from_json(raw) else { return };
    let document: Value = serde_json::from_slice(raw).expect("a set is JSON");
    let keys = document["keys"].as_array().expect("an array of keys");
    assert_eq!(set.usable.keys.len() + set.skipped.len(), keys.len());
    assert!(keys.len() <= 100);
    for skipped in &set.skipped {
        assert!(skipped.index < keys.len() && !skipped.to_string().is_empty());
    }
    set.usable.keys.iter().for_each(check);

    let written = serde_json::to_vec(&set.usable).expect("keys are JSON");
    let again = KeySet::from_json(&written).expect("what we wrote is a set");
    assert_eq!(again, KeySet { usable: set.usable, skipped: Vec::new() });
});

fn check(key: &Jwk) {
    assert!(!key.is_private());
    let public = PublicKey::from_jwk(key).expect("a usable key is a key");
    let bare = public.to_jwk();
    assert_eq!(PublicKey::from_jwk(&bare).as_ref(), Ok(&public));
    // One key has one name, however its publisher wrote it.
    assert!(key.thumbprint().is_some());
    assert_eq!(key.thumbprint(), bare.thumbprint());
    assert!(public.to_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert_eq!(set_of(&bare).usable.keys, [bare]);
}

fn set_of(key: &Jwk) -> KeySet {
    let document = serde_json::to_vec(&grantway_core::jwk::JwkSet { keys: vec![key.clone()] });
    KeySet::from_json(&document.expect("a key is JSON")).expect("a set")
}
