//! What is needed from outside.

use std::sync::Arc;

use grantway_core::audit::Audit;
use grantway_core::seam::{ApiKeyDirectory, Clock, ProjectDirectory};

/// Everything [`router`](crate::router) asks of others. Make it with [`ConnectParts::new`], then replace what should
/// differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectParts {
    /// What customers connect.
    pub projects: Arc<dyn ProjectDirectory>,
    /// By what their programs ask.
    pub api_keys: Arc<dyn ApiKeyDirectory>,
    /// Whether a new key would be over before it begins.
    pub clock: Arc<dyn Clock>,
    /// Told of every decision.
    pub audit: Arc<dyn Audit>,
}

impl ConnectParts {
    /// The parts without which there is nothing.
    #[must_use]
    pub fn new(
        projects: Arc<dyn ProjectDirectory>,
        api_keys: Arc<dyn ApiKeyDirectory>,
        clock: Arc<dyn Clock>,
        audit: Arc<dyn Audit>,
    ) -> Self {
        Self { projects, api_keys, clock, audit }
    }
}
