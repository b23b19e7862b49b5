//! The lines that the README of the crate shows, as they run.

use std::error::Error;

use axum::routing::get;
use axum::{Extension, Router};
use grantway_client::{Transport, TransportSettings};
use grantway_jose::verify::JwsVerifier;
use grantway_resource::{Authorized, Require, Resource, ResourceLayer, ResourceParts, TrustedIssuer};
use http::Request;

use super::send;

async fn orders(Extension(caller): Extension<Authorized>) -> String {
    caller.issuer().to_owned()
}

fn api() -> Result<Router, Box<dyn Error>> {
    let transport = Transport::new(&TransportSettings::default())?;
    let issuer = TrustedIssuer::discovered("https://login.example.com");
    let verifier = JwsVerifier::reading(transport.clone());
    let parts =
        ResourceParts::new("https://api.example.com".parse()?, vec![issuer], verifier).fetching(transport);
    let layer = ResourceLayer::new(Resource::new(parts)?).requiring(Require::scope("orders:read")?);
    let api = Router::new().route("/orders", get(orders)).layer(layer);
    Ok(api)
}

#[tokio::test]
async fn six_lines_let_nobody_in_without_a_token() {
    let api = api().unwrap();

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

    assert_eq!(lines.lines().count(), 6);
    assert!(words(include_str!("readme.rs")).contains(&words(lines)), "{lines}");
}
