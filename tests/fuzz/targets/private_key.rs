//! A private key as JWK, PEM or DER: what is read is written and read again the same, with and without
//! armour, and what it signs verifies under its public half.

#![no_main]

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_jose::private_key::PrivateKey;
use grantway_jose::public_key::PublicKey;
use grantway_jose::signing_key::SigningKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let key = match PrivateKey::read(raw) {
        Ok(key) => key,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return;
        }
    };
    let der = key.to_pkcs8();
    for again in [
        PrivateKey::from_der(&der),
        PrivateKey::read(&der),
        PrivateKey::read(key.to_pem().expose().as_bytes()),
    ] {
        let again = again.expect("what we wrote is a key");
        assert_eq!(again.kind(), key.kind());
        assert_eq!(again.to_pkcs8(), der);
        assert_eq!(again.public(), key.public());
    }
    assert_eq!(format!("{key:?}"), format!("PrivateKey({})", key.kind()));
    let public = key.public();
    assert_eq!(PublicKey::from_jwk(&public.to_jwk()).as_ref(), Ok(&public));
    assert!(PrivateKey::read(public.to_pem().as_bytes()).is_err());

    let Some(signing) = JwsAlgorithm::ALL.into_iter().find_map(|alg| SigningKey::new(&key, alg).ok()) else {
        return;
    };
    let token = signing.sign(TokenType::Jwt, b"{}").expect("a key that was read signs");
    let (message, signature) = token.expose().rsplit_once('.').expect("three segments");
    let signature = grantway_core::base64url::decode(signature).expect("our own");
    let algorithm =
        JwsAlgorithm::ALL.into_iter().find(|alg| public.verifies(*alg, message.as_bytes(), &signature));
    assert!(algorithm.is_some(), "its own public half does not know it");
});
