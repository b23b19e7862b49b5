//! Fixed JSON: metadata and keys.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::target::METADATA;

pub(super) fn router<S: Clone + Send + Sync + 'static>(address: SocketAddr) -> Router<S> {
    let origin = format!("http://{address}");
    let metadata = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "userinfo_endpoint": format!("{origin}/userinfo"),
        "jwks_uri": format!("{origin}/keys"),
    });
    let keys = json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": "x", "y": "y"}]});
    Router::new().route(METADATA, fixed(metadata.to_string())).route("/keys", fixed(keys.to_string()))
}

fn fixed<S: Clone + Send + Sync + 'static>(document: String) -> axum::routing::MethodRouter<S> {
    let document = Bytes::from(document);
    get(move || {
        let document = document.clone();
        async move { ([(CONTENT_TYPE, "application/json")], document).into_response() }
    })
}
