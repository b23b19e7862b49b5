//! What the sign-in needs from outside.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::audit::Audit;
use grantway_core::http::{CsrfKey, PageShell};
use grantway_core::seam::{
    AccountCredentials, ClientDirectory, Clock, ConsentLedger, Entropy, GrantRevocation, Mailer,
    SessionLedger, SessionList, Throttle,
};

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
    pub accounts: Arc<dyn AccountCredentials>,
    /// How often a password may be tried.
    pub throttle: Arc<dyn Throttle>,
    /// Where sign-ins rest.
    pub sessions: Arc<dyn SessionLedger>,
    /// Which application a person signs in for.
    pub clients: Arc<dyn ClientDirectory>,
    /// Told of every sign-in and of every failure.
    pub audit: Arc<dyn Audit>,
    /// Binds forms to browsers, and links in the mail to what they open; the same in every process of an
    /// instance.
    pub csrf: CsrfKey,
    /// How pages look, and what the service is called on them. Ours by default.
    pub pages: PageShell,
    /// What people see and change of their own account; absent: there is no such page.
    pub account_page: Option<AccountPage>,
    /// How people come back who have forgotten their password; absent: they do not.
    pub recovery: Option<Recovery>,
}

/// What it takes to show people what is kept of them, and to end it.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// Where they are signed in.
    pub sessions: Arc<dyn SessionList>,
    /// What they agreed to.
    pub consents: Arc<dyn ConsentLedger>,
    /// Where it is kept what they allowed.
    pub grants: Arc<dyn GrantRevocation>,
}

/// What it takes to write to people, and to let those go who came in by an old password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recovery {
    /// Sends the mail.
    pub mailer: Arc<dyn Mailer>,
    /// What people agreed to.
    pub consents: Arc<dyn ConsentLedger>,
    /// Where it is kept what they allowed.
    pub grants: Arc<dyn GrantRevocation>,
    /// How long to wait before each further attempt to send a message; so many there are.
    pub retries: Vec<Duration>,
}

impl Recovery {
    /// With attempts over six minutes.
    #[must_use]
    pub fn new(
        mailer: Arc<dyn Mailer>,
        consents: Arc<dyn ConsentLedger>,
        grants: Arc<dyn GrantRevocation>,
    ) -> Self {
        Self { mailer, consents, grants, retries: [1, 5, 30, 120, 240].map(Duration::from_secs).into() }
    }
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
        accounts: Arc<dyn AccountCredentials>,
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
            account_page: None,
            recovery: None,
        }
    }
}
