use std::collections::BTreeSet;

use grantway_core::jwk::Jwk;
use grantway_jose::public_key::PublicKey;
use serde_json::Value;
use url::Url;

use crate::conformance::Suite;
use crate::conformance::condition::{Condition, Finding, Stop};

/// What an issuer publishes to be known by (RFC 7517 section 5).
#[derive(Clone, Debug)]
pub(crate) struct Keys(Vec<Jwk>);

impl Keys {
    pub(crate) fn look_at(suite: &Suite, at: &Url, findings: &mut Vec<Finding>) -> Result<Self, Stop> {
        let answer = suite.http.get(at, &[("accept", "application/json")])?;
        let body = answer.json();
        let listed = body["keys"].as_array().filter(|_| answer.status.is_success());
        let Some(listed) = listed else {
            let status = answer.status.as_u16();
            let why = format!("the key set is answered {status} and is no JSON object with an array `keys`");
            return Err(Stop::Found(ANSWERS.must(Some(why))));
        };
        let keys: Vec<Jwk> =
            listed.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
        let unread = listed.len() - keys.len();
        findings.extend([
            ANSWERS.must((unread > 0).then(|| format!("{unread} of the keys are no objects with a kty"))),
            KID.must(kid_fault(&keys)),
            PUBLIC.must(private_fault(listed)),
            USABLE.must(usable_fault(&keys)),
        ]);
        Ok(Self(keys))
    }

    pub(crate) fn of_kid(&self, kid: &str) -> Option<&Jwk> {
        self.0.iter().find(|key| key.kid.as_deref() == Some(kid))
    }

    pub(crate) fn all(&self) -> &[Jwk] {
        &self.0
    }
}

fn kid_fault(keys: &[Jwk]) -> Option<String> {
    let mut seen = BTreeSet::new();
    for (nth, key) in keys.iter().enumerate() {
        match &key.kid {
            None => return Some(format!("key {nth} of the set, of kty {}, has no kid", key.kty)),
            Some(kid) if !seen.insert(kid) => {
                return Some(format!("two keys of the set have the kid {kid:?}"));
            }
            Some(_) => {}
        }
    }
    None
}

fn private_fault(keys: &[Value]) -> Option<String> {
    let private = |key: &&Value| PRIVATE.iter().any(|name| key.get(name).is_some());
    let key = keys.iter().find(private)?;
    Some(format!("the set shows the private part of the key {}", key["kid"]))
}

fn usable_fault(keys: &[Jwk]) -> Option<String> {
    if keys.is_empty() {
        return Some("the set holds no key".to_owned());
    }
    // Other members are another condition's; kinds that cannot be read here are none of the issuer's faults.
    let known = |key: &&Jwk| matches!(key.kty.as_str(), "RSA" | "EC") && !key.is_private();
    keys.iter().filter(known).filter(|key| key.text("crv") != Some("secp256k1")).find_map(|key| {
        let why = PublicKey::from_jwk(key).err()?;
        Some(format!("the key {:?} is none: {why}", key.kid.as_deref().unwrap_or_default()))
    })
}

/// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const ANSWERS: Condition =
    Condition::new("jwks-answers", "the key set is there and is one", "OpenID Connect Discovery 3");
const KID: Condition =
    Condition::new("jwks-kid", "every key of the set has a kid of its own", "OpenID Connect Core 10.1");
const PUBLIC: Condition =
    Condition::new("jwks-public", "the key set has no private part", "OpenID Connect Discovery 3");
const USABLE: Condition = Condition::new("jwks-usable", "the keys of the set can be read", "RFC 7517 4");
