//! Whether a connection gets a token: the provider is asked once, and what it answered is explained.

mod answer;
mod assertion;
mod diagnostics;
mod door;
mod exchange;
mod finding;
mod rate;
mod reply;
mod settings;
mod shown;
mod under_way;

use std::sync::Arc;

use grantway_core::seam::{Clock, Entropy, KeyReader, SystemClock, TokenEndpoint};

pub use self::answer::TestAnswer;
pub use self::diagnostics::{Diagnostics, Phase, ProviderWords, ToleranceNote};
pub(crate) use self::door::{Admitted, Door, Refused, refusal};
pub use self::exchange::{Exchange, ExchangeFault};
pub use self::finding::{Finding, SecretPlace};
pub use self::reply::{ReplyFault, Tested};
pub use self::settings::{
    Assertion, Authentication, ConnectionSettings, FieldMapping, Misfit, SigningKey, Unfit,
};
pub use self::shown::Shown;

/// Tests connections, each on its own. Make one with [`new`](Self::new), then replace what should differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectionTest {
    /// Asks the provider.
    pub token_endpoint: Arc<dyn TokenEndpoint>,
    /// Reads the keys that assertions are signed by.
    pub keys: Arc<dyn KeyReader>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Makes each assertion unique.
    pub entropy: Arc<dyn Entropy>,
}

impl ConnectionTest {
    /// By the clock of the machine.
    pub fn new(
        token_endpoint: impl TokenEndpoint + 'static,
        keys: impl KeyReader + 'static,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            token_endpoint: Arc::new(token_endpoint),
            keys: Arc::new(keys),
            clock: Arc::new(SystemClock),
            entropy,
        }
    }

    /// Asks once, and says how it went; with its course, if somebody wants to know.
    pub(crate) async fn answer(&self, settings: &ConnectionSettings, diagnose: bool) -> TestAnswer {
        let now = self.clock.now();
        let exchange = self.run(settings, diagnose).await;
        TestAnswer::of(&exchange, diagnose.then(|| Diagnostics::of(settings, &exchange, now)))
    }
}
