//! What the server needs from outside.

use std::sync::Arc;

use grantway_core::audit::Audit;
use grantway_core::http::{CsrfKey, PageShell};
use grantway_core::ids::InstanceId;
use grantway_core::seam::{
    AccountDirectory, ClientDirectory, Clock, ConsentLedger, Entropy, GrantLedger, LoginGate, Readiness,
    ReplayLedger, Sealer, Signer, Verifier,
};

/// Everything [`router`](crate::router) asks of others, for one issuer. Make one with
/// [`ServerParts::new`], then replace what should differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerParts {
    /// The issuer's URL, published byte for byte. Every address in an answer comes from it; the
    /// `Host` of a request decides nothing.
    pub issuer: String,
    /// Whose grants, keys and accounts these are.
    pub instance: InstanceId,
    /// When something was issued, and whether it is over.
    pub clock: Arc<dyn Clock>,
    /// For the names of tokens.
    pub entropy: Arc<dyn Entropy>,
    /// Signs access tokens and ID tokens.
    pub signer: Arc<dyn Signer>,
    /// Reads client assertions and our own access tokens.
    pub verifier: Arc<dyn Verifier>,
    /// Seals what an authorization request carries through a sign-in.
    pub sealer: Arc<dyn Sealer>,
    /// Who may ask.
    pub clients: Arc<dyn ClientDirectory>,
    /// What was allowed, from codes to refresh tokens.
    pub grants: Arc<dyn GrantLedger>,
    /// What people agreed to before.
    pub consents: Arc<dyn ConsentLedger>,
    /// Which client assertions were used before.
    pub replays: Arc<dyn ReplayLedger>,
    /// What is known of people.
    pub accounts: Arc<dyn AccountDirectory>,
    /// Who sits at the browser.
    pub login: Arc<dyn LoginGate>,
    /// Whether the store can do its work.
    pub readiness: Arc<dyn Readiness>,
    /// Told of every decision.
    pub audit: Arc<dyn Audit>,
    /// Binds the consent form to a sign-in; the same in every process of an instance.
    pub csrf: CsrfKey,
    /// Hosts at which nothing of the protocol is answered but 403; without ports. None by default.
    pub satellite_hosts: Vec<String>,
    /// How pages look, and what the service is called on them. Ours by default.
    pub pages: PageShell,
}

impl ServerParts {
    /// All that has no default.
    #[must_use]
    #[expect(
        clippy::too_many_arguments,
        reason = "this is the noun that bundles them; each has a type of its own"
    )]
    pub fn new(
        issuer: impl Into<String>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        signer: Arc<dyn Signer>,
        verifier: Arc<dyn Verifier>,
        sealer: Arc<dyn Sealer>,
        clients: Arc<dyn ClientDirectory>,
        grants: Arc<dyn GrantLedger>,
        consents: Arc<dyn ConsentLedger>,
        replays: Arc<dyn ReplayLedger>,
        accounts: Arc<dyn AccountDirectory>,
        login: Arc<dyn LoginGate>,
        readiness: Arc<dyn Readiness>,
        audit: Arc<dyn Audit>,
        csrf: CsrfKey,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            instance,
            clock,
            entropy,
            signer,
            verifier,
            sealer,
            clients,
            grants,
            consents,
            replays,
            accounts,
            login,
            readiness,
            audit,
            csrf,
            satellite_hosts: Vec::new(),
            pages: PageShell::new(),
        }
    }
}
