//! The pictures of applications, which our own pages show.

use grantway_core::http::Reply;
use grantway_core::ids::ClientId;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};

use crate::Server;

/// GET: the picture of that application, if it still is the one of that digest.
pub(crate) async fn show(server: &Server, digest: &str, client_id: &str) -> Reply {
    let missing = || Reply::empty(StatusCode::NOT_FOUND).no_store();
    let Ok(client_id) = client_id.parse::<ClientId>() else { return missing() };
    let client = match server.parts.clients.find(&client_id).await {
        Ok(client) => client.filter(|client| client.enabled),
        Err(breakdown) => {
            server.note(&breakdown);
            return Reply::empty(StatusCode::SERVICE_UNAVAILABLE).no_store();
        }
    };
    let logo = client.as_ref().and_then(|client| client.logo.as_ref());
    let Some(logo) = logo.filter(|logo| logo.digest() == digest) else { return missing() };
    Reply::empty(StatusCode::OK)
        .with_body(logo.content_type(), logo.image())
        .with(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"))
        // It is a picture, and nothing else even where somebody opens it by itself.
        .with(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"))
        .with(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"))
}

/// Others may link to it, but not show it as theirs.
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
