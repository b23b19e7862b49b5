//! For balancers and supervisors.

use grantway_core::http::Reply;
use http::StatusCode;
use serde_json::json;

use crate::Server;

/// The process lives.
pub(crate) fn alive() -> Reply {
    Reply::json(StatusCode::OK, &json!({"status": "alive"})).no_store()
}

/// The process can do its work. What is in the way is for the log, not for whoever asks.
pub(crate) async fn ready(server: &Server) -> Reply {
    match server.parts.readiness.ready().await {
        Ok(()) => Reply::json(StatusCode::OK, &json!({"status": "ready"})).no_store(),
        Err(breakdown) => {
            server.note(&breakdown);
            let document = json!({"status": "not ready", "part": breakdown.part});
            Reply::json(StatusCode::SERVICE_UNAVAILABLE, &document).no_store()
        }
    }
}
