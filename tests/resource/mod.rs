//! A resource server behind our layer, with real signatures, and tokens of our own server and of others.

mod forgeries;
mod own_tokens;
mod proofs;
mod published_keys;
mod readme;

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::routing::get;
use axum::{Extension, Router};
use grantway_core::audit::Audit;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Clock, Fetch, FetchRequest, Fetched, SeamError};
use grantway_core::testing::SeededEntropy;
use grantway_jose::remote::RemoteKeys;
use grantway_jose::signing_key::SigningKey;
use grantway_jose::verify::JwsVerifier;
use grantway_resource::{Authorized, Require, Resource, ResourceLayer, ResourceParts, TrustedIssuer};
use grantway_tests::{Answer, ISSUER};
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};

const RESOURCE: &str = "https://api.test";

/// Says who was let in, for `read` at `/orders` and for `write` at `/orders/new`.
fn orders(resource: &Resource) -> Router {
    let greet = async |Extension(caller): Extension<Authorized>| {
        format!("{} by {}", caller.subject().unwrap_or_default(), caller.issuer())
    };
    let layer = ResourceLayer::new(resource.clone());
    let write = layer.clone().requiring(Require::scope("write").unwrap());
    Router::new().route("/orders", get(greet)).route("/orders/new", get(greet).layer(write)).layer(layer)
}

fn resource_of(
    issuers: Vec<TrustedIssuer>,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    audit: Arc<dyn Audit>,
) -> Resource {
    let remote = RemoteKeys::new(Arc::clone(&fetch), Arc::clone(&clock), Arc::clone(&audit));
    let verifier = JwsVerifier::with_remote_keys(Arc::new(remote));
    let mut parts = ResourceParts::new(RESOURCE.parse().unwrap(), issuers, verifier).with_clock(clock);
    parts.fetch = Some(fetch);
    parts.audit = audit;
    Resource::new(parts).unwrap()
}

async fn ask(api: &Router, token: &str) -> Answer {
    ask_at(api, "/orders", token).await
}

async fn ask_at(api: &Router, path: &str, token: &str) -> Answer {
    send(api, Request::get(path).header("authorization", format!("Bearer {token}"))).await
}

async fn send(api: &Router, request: Builder) -> Answer {
    Answer::of(api, request.body(Body::empty()).unwrap()).await
}

/// An issuer's key.
fn key(seed: u64) -> SigningKey {
    SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(seed)).unwrap()
}

/// What an access token of that issuer says.
fn claims(issuer: &str, now: i64) -> Value {
    json!({
        "iss": issuer, "sub": "ada", "aud": RESOURCE, "client_id": "app", "jti": "1",
        "iat": now, "exp": now + 300, "scope": "read",
    })
}

fn signed(key: &SigningKey, claims: &Value) -> String {
    key.sign(TokenType::AccessToken, claims.to_string().as_bytes()).unwrap().expose().to_owned()
}

/// Reads from the provider in process.
#[derive(Debug)]
struct Inside(Router);

#[async_trait]
impl Fetch for Inside {
    async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
        let path = request.url.strip_prefix(ISSUER).expect("nobody else is asked");
        let Answer { status, headers, body } = send(&self.0, Request::get(path)).await;
        Ok(Fetched::Answer { status, headers, body: body.into() })
    }
}
