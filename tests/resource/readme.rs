//! The lines that the README of the crate shows, as they run.

use std::error::Error;
use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use grantway_core::audit::Audit;
use grantway_core::seam::{Clock, Fetch, Verifier};
use grantway_core::testing::{FixedClock, RecordedAudit};
use grantway_jose::verify::JwsVerifier;
use grantway_resource::{Authorized, Require, Resource, ResourceLayer, ResourceParts, TrustedIssuer};
use http::Request;

use super::{Inside, send};

async fn orders(Extension(caller): Extension<Authorized>) -> String {
    caller.issuer().to_owned()
}

fn api(
    clock: Arc<dyn Clock>,
    verifier: Arc<dyn Verifier>,
    fetch: Arc<dyn Fetch>,
    audit: Arc<dyn Audit>,
) -> Result<Router, Box<dyn Error>> {
    let issuer = TrustedIssuer::discovered("https://login.example.com");
    let mut parts =
        ResourceParts::new("https://api.example.com".parse()?, vec![issuer], clock, verifier, audit);
    parts.fetch = Some(fetch);
    let layer = ResourceLayer::new(Resource::new(parts)?).requiring(Require::scope("orders:read")?);
    let api = Router::new().route("/orders", get(orders)).layer(layer);
    Ok(api)
}

#[tokio::test]
async fn five_lines_let_nobody_in_without_a_token() {
    let clock = Arc::new(FixedClock::default());
    let fetch = Arc::new(Inside(Router::new()));
    let api = api(clock, Arc::new(JwsVerifier::new()), fetch, Arc::new(RecordedAudit::default())).unwrap();

    let answer = send(&api, Request::get("/orders")).await;

    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").contains("scope=\"orders:read\""));
}

#[test]
fn the_lines_are_those_of_the_readme() {
    let words = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let readme = include_str!("../../crates/resource/README.md");
    let (_, lines) = readme.split_once("```rs\n").unwrap();
    let (lines, _) = lines.split_once("```").unwrap();

    assert_eq!(lines.lines().count(), 5);
    assert!(words(include_str!("readme.rs")).contains(&words(lines)), "{lines}");
}
