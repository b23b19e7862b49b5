//! For whoever keeps the process running: does it live, and can it work?

use grantway_core::http::Reply;
use http::StatusCode;
use serde::Serialize;

use crate::Server;

/// Lives: it can answer.
pub(crate) fn alive() -> Reply {
    Reply::json(StatusCode::OK, &Health { status: "ok" }).no_store()
}

/// Can work: what it stands on answers too. What is in the way is for the log.
pub(crate) async fn ready(server: &Server) -> Reply {
    let (code, status) = match server.parts.readiness.ready().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(breakdown) => {
            server.note(&breakdown);
            (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
        }
    };
    Reply::json(code, &Health { status }).no_store()
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}
