//! The crate jsonwebtoken. Its keys are parsed once, as far as it parses them before they are used.

use contest::jws::{CLAIMS, Contender};
use contest::{Key, SECRET};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// It at work by one algorithm, on the backend that the program has installed.
#[derive(Debug)]
pub struct Jsonwebtoken {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// Written out already, as the others have them.
    claims: Box<RawValue>,
}

impl Contender for Jsonwebtoken {
    type Token = String;

    fn ready(algorithm: &str) -> Option<Self> {
        let alg: Algorithm = algorithm.parse().ok()?;
        let key = Key::of(algorithm);
        let (encoding, decoding) = match &key {
            None => (EncodingKey::from_secret(SECRET), DecodingKey::from_secret(SECRET)),
            Some(key) => pair(alg, key.pem.as_bytes()),
        };
        let header = Header { kid: key.map(|key| key.kid.to_owned()), ..Header::new(alg) };
        let mut validation = Validation::new(alg);
        // What claims say is judged by none of the contenders.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let claims = RawValue::from_string(CLAIMS.to_owned()).expect("the claims are JSON");
        Some(Self { header, encoding, decoding, validation, claims })
    }

    fn sign(&self) -> String {
        encode(&self.header, &self.claims, &self.encoding).expect("the key signs")
    }

    fn text(token: &String) -> &str {
        token
    }

    fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        decode(token, &self.decoding, &self.validation).ok().map(|told| told.claims)
    }
}

fn pair(algorithm: Algorithm, pem: &[u8]) -> (EncodingKey, DecodingKey) {
    let private = match algorithm {
        Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem),
        Algorithm::EdDSA => EncodingKey::from_ed_pem(pem),
        _ => EncodingKey::from_rsa_pem(pem),
    }
    .expect("it is a key of that kind");
    let public = Jwk::from_encoding_key(&private, algorithm).expect("it has a public half");
    let public = DecodingKey::from_jwk(&public).expect("it was just written");
    (private, public)
}
