//! What the examination needs from outside.

use std::num::NonZeroU32;
use std::sync::Arc;

use grantway_core::audit::{Audit, NoAudit};
use grantway_core::http::PageShell;
use grantway_core::seam::{ApiKeyDirectory, ProjectDirectory};

use crate::connection_test::ConnectionTest;

/// Whom [`Doctor`](crate::Doctor) asks. Make one with [`new`](Self::new), then replace what should differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DoctorParts {
    /// Makes the tests.
    pub connection_test: ConnectionTest,
    /// Whose tests are made.
    pub api_keys: Arc<dyn ApiKeyDirectory>,
    /// For which projects.
    pub projects: Arc<dyn ProjectDirectory>,
    /// Told of breakdowns: nobody by default.
    pub audit: Arc<dyn Audit>,
    /// So many requests a second this process takes, all callers together, averaged over a minute: 50 by default.
    pub api_requests_per_second: NonZeroU32,
    /// How the page looks: as all of ours do by default.
    pub pages: PageShell,
}

impl DoctorParts {
    /// With every setting as it should be.
    pub fn new(
        connection_test: ConnectionTest,
        api_keys: Arc<dyn ApiKeyDirectory>,
        projects: Arc<dyn ProjectDirectory>,
    ) -> Self {
        Self {
            connection_test,
            api_keys,
            projects,
            audit: Arc::new(NoAudit),
            api_requests_per_second: USUAL_REQUESTS_PER_SECOND,
            pages: PageShell::new(),
        }
    }
}

const USUAL_REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(50).expect("50 is more than nothing");
