#![doc = include_str!("../README.md")]

pub mod connection_test;
mod messages;
mod page;
mod parts;
mod routes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use grantway_core::audit::{Audit, Event};
use grantway_core::http::PageShell;

use crate::connection_test::{Admitted, ConnectionSettings, ConnectionTest, Door, TestAnswer};
pub use crate::parts::DoctorParts;

/// The examination, as it is served.
#[derive(Debug)]
pub struct Doctor {
    pub(crate) test: ConnectionTest,
    pub(crate) door: Door,
    pub(crate) pages: PageShell,
    pub(crate) audit: Arc<dyn Audit>,
}

impl Doctor {
    /// Ready to be asked.
    #[must_use]
    pub fn new(parts: DoctorParts) -> Self {
        let DoctorParts { connection_test: test, api_keys, projects, audit, api_requests_per_second, pages } =
            parts;
        let asked = (api_keys, projects, Arc::clone(&audit));
        let door = Door::new(asked, api_requests_per_second, Arc::clone(&test.clock));
        Self { test, door, pages, audit }
    }

    /// Makes the test, and has it noted who asked whom.
    pub(crate) async fn tested(
        &self,
        admitted: &Admitted,
        settings: &ConnectionSettings,
        diagnose: bool,
    ) -> TestAnswer {
        let answer = self.test.answer(settings, diagnose).await;
        self.audit.record(Event::ConnectionTested {
            api_key_id: admitted.api_key_id.clone(),
            project_id: admitted.project_id.clone(),
            host: settings.host(),
            success: answer.data.success,
        });
        answer
    }

    /// Its addresses.
    pub fn router(self) -> Router {
        routes::router(Arc::new(self))
    }
}
