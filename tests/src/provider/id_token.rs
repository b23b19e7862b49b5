use std::time::Duration;

use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::jws::TokenType;
use serde_json::{Map, Value, json};

use super::book::Code;
use super::desk::Desk;
use super::fault::Fault;

/// OpenID Connect Core section 2, and all that can be wrong with it.
pub(super) fn of(desk: &Desk, code: &Code, access_token: &str) -> String {
    let claims = json!(claims(desk, code, access_token)).to_string();
    if desk.has(Fault::JwksRotated) {
        desk.keys.rotate();
    }
    if desk.has(Fault::IdTokenAlgNone) {
        let header = base64url::encode(r#"{"alg":"none","typ":"JWT"}"#);
        return format!("{header}.{}.", base64url::encode(&claims));
    }
    let sign = |key: &grantway_jose::signing_key::SigningKey| {
        key.sign(TokenType::Jwt, claims.as_bytes())
            .expect("a key that was made here signs")
            .expose()
            .to_owned()
    };
    let (right, other) = (sign(desk.keys.current()), sign(&desk.keys.unpublished));
    if desk.has(Fault::IdTokenUnknownKey) {
        return other;
    }
    if desk.has(Fault::IdTokenWrongKey) {
        let (message, signature) = (right.rsplit_once('.'), other.rsplit_once('.'));
        let (message, signature) = message.zip(signature).expect("three parts");
        return format!("{}.{}", message.0, signature.1);
    }
    right
}

fn claims(desk: &Desk, code: &Code, access_token: &str) -> Map<String, Value> {
    let now = desk.now();
    let client_id = code.grant.client_id.as_str();
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    say("iss", desk.issuer.as_str().into());
    say("sub", code.grant.subject.as_str().into());
    say("aud", client_id.into());
    say("exp", now.plus(HOUR).unix().into());
    say("iat", now.unix().into());
    say("auth_time", code.signed_in_at.unix().into());
    say("at_hash", at_hash(access_token).into());
    if let Some(nonce) = &code.nonce {
        say("nonce", nonce.as_str().into());
    }
    for fault in desk.faults_of(Fault::IdTokenExpired.usual_place()) {
        match fault {
            Fault::IdTokenWrongIss => drop(say("iss", "https://issuer.test".into())),
            Fault::IdTokenWrongAud => drop(say("aud", OTHER.into())),
            Fault::IdTokenMultiAudNoAzp => drop(say("aud", json!([client_id, OTHER]))),
            Fault::IdTokenWrongAzp => {
                say("aud", json!([client_id, OTHER]));
                say("azp", OTHER.into());
            }
            Fault::IdTokenExpired => {
                say("iat", now.minus(2 * HOUR).unix().into());
                say("exp", now.minus(HOUR).unix().into());
            }
            Fault::IdTokenIssuedInTheFuture => {
                say("iat", now.plus(HOUR).unix().into());
                say("exp", now.plus(2 * HOUR).unix().into());
            }
            Fault::IdTokenWrongNonce => drop(say("nonce", "somebody's nonce".into())),
            Fault::IdTokenWrongAtHash => drop(say("at_hash", at_hash("another token").into())),
            Fault::IdTokenStaleAuthTime => drop(say("auth_time", now.minus(24 * HOUR).unix().into())),
            _ => {}
        }
    }
    if desk.has(Fault::IdTokenNoNonce) {
        claims.remove("nonce");
    }
    claims
}

/// OpenID Connect Core section 3.1.3.6: the left half of the hash that ES256 uses.
fn at_hash(access_token: &str) -> String {
    base64url::encode(&sha256(access_token)[..16])
}

const OTHER: &str = "another client";
const HOUR: Duration = Duration::from_hours(1);
