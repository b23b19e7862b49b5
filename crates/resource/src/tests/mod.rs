//! With signatures that anybody can make: whose token is believed is the verifier's affair, and what becomes of it ours.

mod discovery;
mod introspection;
mod layer;
mod metadata;
mod proofs;
mod setup;
mod tokens;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use grantway_core::base64url;
use grantway_core::introspect::IntrospectionResponse;
use grantway_core::jwk::{Jwk, JwkSet};
use grantway_core::jws::{TokenType, unverified_header};
use grantway_core::seam::{
    Clock, Introspection, JwsFault, SeamError, TrustedKeys, Verification, VerificationRules, Verifier,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, RecordedAudit};
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};

use crate::{Authorized, Decision, Refusal, Require, Resource, ResourceParts, TrustedIssuer};

const ISSUER: &str = "https://op.test";
const RESOURCE: &str = "https://api.test";

/// A resource, and everybody around it.
struct Scene {
    clock: Arc<FixedClock>,
    audit: Arc<RecordedAudit>,
    verifier: PaperVerifier,
    desk: Arc<Desk>,
    parts: ResourceParts,
}

impl Scene {
    /// That trusts one issuer, whose key is called `own`.
    fn new() -> Self {
        Self::trusting(vec![TrustedIssuer::with_keys(ISSUER, keys("own"))])
    }

    /// That asks that issuer.
    fn asking() -> Self {
        let scene = Self::trusting(Vec::new());
        let asked = TrustedIssuer::introspected(ISSUER, scene.desk.clone());
        scene.with(|parts| parts.issuers.push(asked))
    }

    fn trusting(issuers: Vec<TrustedIssuer>) -> Self {
        let clock = Arc::new(FixedClock::default());
        let audit = Arc::new(RecordedAudit::default());
        let verifier = PaperVerifier::default();
        let desk = Arc::new(Desk::default());
        let resource = RESOURCE.parse().unwrap();
        let mut parts = ResourceParts::new(resource, issuers, verifier.clone()).with_clock(clock.clone());
        parts.audit = audit.clone();
        Self { clock, audit, verifier, desk, parts }
    }

    fn with(mut self, change: impl FnOnce(&mut ResourceParts)) -> Self {
        change(&mut self.parts);
        self
    }

    fn resource(&self) -> Resource {
        Resource::new(self.parts.clone()).unwrap()
    }

    fn now(&self) -> i64 {
        self.clock.now().unix()
    }

    /// What a good token says.
    fn claims(&self) -> Value {
        json!({
            "iss": ISSUER, "sub": "ada", "aud": RESOURCE, "client_id": "app", "jti": "1",
            "iat": self.now(), "exp": self.now() + 300, "scope": "read write",
        })
    }

    fn token(&self) -> String {
        signed("own", &self.claims())
    }

    fn token_with(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[name] = value;
        signed("own", &claims)
    }

    fn later(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }
}

/// An access token as `key` makes it.
fn signed(key: &str, claims: &Value) -> String {
    jws(key, &json!({"alg": "ES256", "typ": "at+jwt", "kid": "1"}), claims)
}

fn jws(key: &str, header: &Value, claims: &Value) -> String {
    let segment = |value: &Value| base64url::encode(value.to_string());
    format!("{}.{}.{}", segment(header), segment(claims), base64url::encode(key))
}

/// A key that is called that. All have the same `kid`.
fn jwk(name: &str) -> Jwk {
    let key = json!({"kty": "EC", "crv": "P-256", "x": base64url::encode(name), "y": "AA", "kid": "1"});
    serde_json::from_value(key).unwrap()
}

fn keys(name: &str) -> JwkSet {
    JwkSet { keys: vec![jwk(name)] }
}

fn request(headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::get("/orders?page=2");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn bearer(token: &str) -> Parts {
    request(&[("authorization", &format!("Bearer {token}"))])
}

async fn judged(resource: &Resource, request: &Parts) -> Result<Authorized, Refusal> {
    required(resource, request, &Require::token()).await
}

async fn required(resource: &Resource, request: &Parts, require: &Require) -> Result<Authorized, Refusal> {
    match resource.authorize(request, require).await.unwrap() {
        Decision::Authorized(authorized) => Ok(authorized),
        Decision::Refused(refused) => Err(refused.why),
    }
}

async fn refused(resource: &Resource, token: &str) -> Option<Refusal> {
    judged(resource, &bearer(token)).await.err()
}

fn challenges<B>(answer: &Response<B>) -> Vec<&str> {
    values(answer.headers(), "www-authenticate")
}

fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// Believes a token whose third segment is the `x` of a key, and does all else as it should be done.
#[derive(Clone, Debug, Default)]
struct PaperVerifier {
    /// By `jwks_uri`.
    published: Arc<Mutex<HashMap<String, JwkSet>>>,
    asked: Arc<AtomicUsize>,
}

impl PaperVerifier {
    fn publishes(&self, uri: &str, key: &str) {
        self.published.lock().unwrap().insert(uri.to_owned(), keys(key));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn check(&self, token: &str, rules: VerificationRules<'_>) -> Result<Value, JwsFault> {
        let header = unverified_header(token).map_err(|_| JwsFault::Malformed)?;
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        let algorithm = text("alg").and_then(|alg| alg.parse().ok()).ok_or(JwsFault::Algorithm)?;
        if !rules.algorithms.contains(&algorithm) {
            return Err(JwsFault::Algorithm);
        }
        let of_type = |typ: &str| rules.types.iter().any(|own| own.as_str().eq_ignore_ascii_case(typ));
        if !text("typ").map_or(rules.untyped, of_type) {
            return Err(JwsFault::Type);
        }
        let [_, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let signed_by = |keys: &JwkSet| keys.keys.iter().any(|key| key.text("x") == Some(signature));
        let good = match rules.keys {
            TrustedKeys::Set(keys) => signed_by(keys),
            TrustedKeys::At(uri) => {
                let published = self.published.lock().unwrap();
                let keys = published.get(uri.as_str());
                signed_by(keys.ok_or_else(|| JwsFault::KeysUnavailable(uri.as_str().to_owned()))?)
            }
            TrustedKeys::Shared(secret) => base64url::encode(secret.expose()) == signature,
        };
        if !good {
            return Err(JwsFault::Signature);
        }
        let payload = base64url::decode(payload).map_err(|_| JwsFault::Malformed)?;
        serde_json::from_slice(&payload).map_err(|_| JwsFault::Malformed)
    }
}

#[async_trait]
impl Verifier for PaperVerifier {
    async fn verify(&self, token: &str, rules: VerificationRules<'_>) -> Result<Verification, SeamError> {
        if rules.types != [TokenType::DpopProof] {
            self.asked.fetch_add(1, Ordering::SeqCst);
        }
        Ok(match self.check(token, rules) {
            Ok(Value::Object(claims)) => Verification::Valid(claims),
            Ok(_) => Verification::Refused(JwsFault::Malformed),
            Err(fault) => Verification::Refused(fault),
        })
    }
}

/// Where an issuer answers what its tokens are worth: nothing, unless it was told otherwise.
#[derive(Debug, Default)]
struct Desk {
    known: Mutex<HashMap<String, Value>>,
    closed: Mutex<bool>,
    asked: AtomicUsize,
}

impl Desk {
    fn says(&self, token: &str, response: Value) {
        self.known.lock().unwrap().insert(token.to_owned(), response);
    }

    fn is_closed(&self, closed: bool) {
        *self.closed.lock().unwrap() = closed;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Introspection for Desk {
    async fn introspect(&self, access_token: &Secret) -> Result<IntrospectionResponse, SeamError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // So that others come meanwhile.
        tokio::task::yield_now().await;
        if *self.closed.lock().unwrap() {
            return Err(SeamError::unavailable("desk", "nobody is there"));
        }
        let known = self.known.lock().unwrap().get(access_token.expose()).cloned();
        Ok(serde_json::from_value(known.unwrap_or(json!({"active": false}))).unwrap())
    }
}
