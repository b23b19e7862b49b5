#![doc = include_str!("../README.md")]

pub mod connection_test;
mod parts;
mod routes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;

use crate::connection_test::{ConnectionTest, Door};
pub use crate::parts::DoctorParts;

/// The examination, as it is served.
#[derive(Debug)]
pub struct Doctor {
    pub(crate) test: ConnectionTest,
    pub(crate) door: Door,
}

impl Doctor {
    /// Ready to be asked.
    #[must_use]
    pub fn new(parts: DoctorParts) -> Self {
        let DoctorParts { connection_test: test, api_keys, projects, audit, api_requests_per_second } = parts;
        let door = Door::new((api_keys, projects, audit), api_requests_per_second, Arc::clone(&test.clock));
        Self { test, door }
    }

    /// Its addresses.
    pub fn router(self) -> Router {
        routes::router(Arc::new(self))
    }
}
