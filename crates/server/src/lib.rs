#![doc = include_str!("../README.md")]

mod access_token;
mod addresses;
mod authorize;
mod envelope;
mod error;
mod form_post;
mod health;
mod http;
mod id_token_hint;
mod introspect;
mod issue;
mod jwks;
mod logo;
mod logout;
mod messages;
mod metadata;
mod page;
mod parts;
mod revoke;
mod routes;
mod satellite;
mod shown_token;
mod sign;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::Router;
use grantway_core::seam::SeamError;

pub use crate::parts::ServerParts;

use crate::addresses::Addresses;
use crate::jwks::PublishedKeys;
use crate::metadata::Document;
use crate::page::Pages;

/// The authorization server of one issuer, to be served alone or beside other pages of the same origin.
pub fn router(parts: ServerParts) -> Router {
    let addresses = Addresses::of(&parts.issuer);
    let server = Server {
        metadata: metadata::document(&addresses, &parts),
        published_keys: PublishedKeys::default(),
        pages: Pages::new(parts.pages.clone()),
        addresses,
        parts,
    };
    routes::router(Arc::new(server))
}

/// What every request sees.
#[derive(Debug)]
struct Server {
    parts: ServerParts,
    addresses: Addresses,
    pages: Pages,
    metadata: Document,
    published_keys: PublishedKeys,
}

impl Server {
    /// Tells the operator what broke.
    fn note(&self, breakdown: &SeamError) {
        self.parts.audit.record(breakdown.into());
    }
}
