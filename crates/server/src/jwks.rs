//! The public keys.

use std::time::Duration;

use grantway_core::http::Reply;
use http::HeaderMap;

use crate::metadata::Cached;
use crate::{Server, error};

pub(crate) async fn reply(server: &Server, headers: &HeaderMap) -> Reply {
    match server.parts.signer.published().await {
        // Strings alone: there is nothing that could fail to serialise.
        Ok(keys) => Cached::new(serde_json::to_vec(&*keys).unwrap_or_default(), LIFETIME).reply(headers),
        Err(breakdown) => error::broken(server, &breakdown),
    }
}

/// Short, because a client that sees a `kid` it does not know asks again anyway.
const LIFETIME: Duration = Duration::from_secs(300);
