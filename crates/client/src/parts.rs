//! What a client needs from outside.

use std::sync::Arc;

use grantway_core::seam::{Clock, Entropy, SystemClock, Verifier};

use crate::transport::Transport;

/// Whom a client asks for what it does not do itself. Take [`new`](Self::new), and replace what is to be another.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientParts {
    /// The way out.
    pub transport: Transport,
    /// Believes ID tokens, or does not. It has to read keys from where they are published.
    pub verifier: Arc<dyn Verifier>,
    /// Where states, nonces and code verifiers are drawn.
    pub entropy: Arc<dyn Entropy>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl ClientParts {
    /// With the clock of the machine.
    pub fn new(
        transport: Transport,
        verifier: impl Verifier + 'static,
        entropy: impl Entropy + 'static,
    ) -> Self {
        Self {
            transport,
            verifier: Arc::new(verifier),
            entropy: Arc::new(entropy),
            clock: Arc::new(SystemClock),
        }
    }
}
