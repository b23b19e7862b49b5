//! An API that lets those in who hold an access token.

use std::env;

use anyhow::bail;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Json, Router};
use grantway_client::{Transport, TransportSettings};
use grantway_jose::verify::JwsVerifier;
use grantway_resource::{Authorized, Require, Resource, ResourceLayer, ResourceParts, TrustedIssuer};
use serde_json::json;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, audience, port] = arguments.as_slice() else {
        bail!("protected_api ISSUER AUDIENCE PORT");
    };
    let transport = Transport::new(&TransportSettings::trusting())?;
    let issuer = TrustedIssuer::discovered(issuer);
    let verifier = JwsVerifier::reading(transport.clone());
    let parts = ResourceParts::new(audience.parse()?, vec![issuer], verifier).fetching(transport);
    let layer = ResourceLayer::new(Resource::new(parts)?).requiring(Require::scope("openid")?);

    let app = Router::new().route("/me", get(me)).layer(layer);
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn me(Extension(caller): Extension<Authorized>) -> impl IntoResponse {
    Json(json!({ "sub": caller.subject() }))
}
