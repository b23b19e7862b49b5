//! What the sign-in needs from outside.

use std::sync::Arc;

use grantway_core::audit::Audit;
use grantway_core::http::{CsrfKey, PageShell};
use grantway_core::seam::{AccountDirectory, ClientDirectory, Clock, Entropy, SessionLedger, Throttle};

/// Everything [`Login`](crate::Login) asks of others. Make one with [`LoginParts::new`], then replace
/// what should differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginParts {
    /// The issuer's URL: its origin is the only one that may post the forms, its scheme decides how
    /// cookies are marked.
    pub issuer: String,
    /// When somebody signed in.
    pub clock: Arc<dyn Clock>,
    /// For the names of sessions and of browsers.
    pub entropy: Arc<dyn Entropy>,
    /// Who may sign in, and against what a password is checked.
    pub accounts: Arc<dyn AccountDirectory>,
    /// How often a password may be tried.
    pub throttle: Arc<dyn Throttle>,
    /// Where sign-ins rest.
    pub sessions: Arc<dyn SessionLedger>,
    /// Which application a person signs in for.
    pub clients: Arc<dyn ClientDirectory>,
    /// Told of every sign-in and of every failure.
    pub audit: Arc<dyn Audit>,
    /// Binds forms to browsers; the same in every process of an instance.
    pub csrf: CsrfKey,
    /// How pages look, and what the service is called on them. Ours by default.
    pub pages: PageShell,
}

impl LoginParts {
    /// All that has no default.
    #[must_use]
    #[expect(
        clippy::too_many_arguments,
        reason = "this is the noun that bundles them; each has a type of its own"
    )]
    pub fn new(
        issuer: impl Into<String>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        accounts: Arc<dyn AccountDirectory>,
        throttle: Arc<dyn Throttle>,
        sessions: Arc<dyn SessionLedger>,
        clients: Arc<dyn ClientDirectory>,
        audit: Arc<dyn Audit>,
        csrf: CsrfKey,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            clock,
            entropy,
            accounts,
            throttle,
            sessions,
            clients,
            audit,
            csrf,
            pages: PageShell::new(),
        }
    }
}
