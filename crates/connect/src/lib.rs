#![doc = include_str!("../README.md")]

mod access;
mod fault;
mod http;
mod parts;
mod registry;
mod routes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;

pub use crate::parts::ConnectParts;

/// Everything under `/api/v1`, to be served alone or beside a provider.
pub fn router(parts: ConnectParts) -> Router {
    routes::router(Arc::new(parts))
}
