//! An API that lets those in who hold an access token.

use std::env;
use std::sync::Arc;

use anyhow::bail;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, Method, Uri};
use huskarl_reqwest::ReqwestClient;
use huskarl_resource_server::core::server_metadata::AuthorizationServerMetadata;
use huskarl_resource_server::error::InsufficientScope;
use huskarl_resource_server::rejection::Rejection;
use huskarl_resource_server::validator::rfc9068::Rfc9068Validator;
use serde_json::json;
use tokio::net::TcpListener;

struct Api {
    validator: Rfc9068Validator,
    base_url: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, audience, port] = arguments.as_slice() else {
        bail!("protected_api ISSUER AUDIENCE PORT");
    };
    let http_client = ReqwestClient::builder().build().await?;
    let metadata =
        AuthorizationServerMetadata::oidc_fetch().http_client(&http_client).issuer(issuer).call().await?;
    let validator = Rfc9068Validator::builder_from_metadata(&metadata)
        .jwks_source(http_client)
        .audience(audience)
        .build()
        .await?;

    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    println!("listening on {base_url}");
    let app = Router::new().route("/me", get(me)).with_state(Arc::new(Api { validator, base_url }));
    axum::serve(listener, app).await?;
    Ok(())
}

async fn me(State(api): State<Arc<Api>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    // The proof of a bound token is about the whole address that the client asked for.
    let Ok(uri) = format!("{}{uri}", api.base_url).parse() else {
        return http::StatusCode::BAD_REQUEST.into_response();
    };
    let result = api.validator.validate_request(&headers, &method, &uri, None).await;
    let validator_metadata = api.validator.validator_metadata(Some(&api.base_url));
    if let Some(rejection) = result.rejection(&validator_metadata, Some("openid")) {
        return rejected(&rejection);
    }
    let Ok(Some(validated)) = result.outcome else {
        return http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let scope = validated.claims.scope.as_deref().unwrap_or_default();
    if !scope.split_whitespace().any(|granted| granted == "openid") {
        return rejected(&validator_metadata.rejection(&InsufficientScope::new("openid"), None));
    }
    let mut response = Json(json!({ "sub": validated.sub })).into_response();
    if let Some(nonce) = result.dpop_nonce.and_then(|nonce| nonce.parse().ok()) {
        response.headers_mut().insert("DPoP-Nonce", nonce);
    }
    response
}

fn rejected(rejection: &Rejection) -> Response {
    let response = rejection.apply(Response::builder()).body(Body::empty());
    response.unwrap_or_else(|_| http::StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
