//! What is done beside the work for as long as the program runs: what is over goes, signing keys take
//! turns, and a root key that was changed is read.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::seam::Sweep;
use grantway_jose::keyring::Keyring;
use tokio::task::JoinSet;

use crate::root_keys::RootKeyring;

/// What has to be done again and again.
#[derive(Debug)]
pub(crate) struct Chores {
    pub(crate) sweeper: Arc<dyn Sweep>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) root_keys: Arc<RootKeyring>,
}

impl Chores {
    /// Does them until what it returns is dropped. Several processes may do so at once: whoever comes
    /// second finds nothing to do.
    pub(crate) fn start(self) -> JoinSet<()> {
        let Self { sweeper, keyring, root_keys } = self;
        let mut doing = JoinSet::new();
        doing.spawn(async move {
            loop {
                tokio::time::sleep(step(&*sweeper).await).await;
            }
        });
        let sealing = Arc::clone(&root_keys);
        doing.spawn(async move {
            loop {
                tokio::time::sleep(REST).await;
                // A process that was held up for long must not seal a new signing key with a root key that
                // is gone by now: nobody could open it.
                read(&sealing);
                if let Err(fault) = keyring.refresh().await {
                    // It signs with the keys it has, which are published for long enough.
                    tracing::warn!(%fault, "the signing keys could not be read again");
                }
            }
        });
        doing.spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                read(&root_keys);
            }
        });
        doing
    }
}

fn read(root_keys: &RootKeyring) {
    if let Err(failure) = root_keys.read_again() {
        // It goes on with the keys it has.
        tracing::warn!(why = failure.why, next = failure.next, "{}", failure.what);
    }
}

/// One step, and how long to rest after it.
async fn step(sweeper: &dyn Sweep) -> Duration {
    match sweeper.sweep().await {
        Ok(swept) => {
            if swept.removed + swept.wiped > 0 {
                tracing::info!(removed = swept.removed, wiped = swept.wiped, "swept");
            }
            if swept.more { BREATH } else { REST }
        }
        Err(breakdown) => {
            // It is tried again: what is over stays over.
            tracing::warn!(%breakdown, "what is over could not be removed");
            REST
        }
    }
}

/// Between two steps of a pass: requests come first.
const BREATH: Duration = Duration::from_millis(100);
/// Between two passes, and between two looks at the keys: new ones are published for much longer.
const REST: Duration = Duration::from_mins(1);
/// Between two looks at the root key's file; `grantway keys root rotate` waits for some of them.
pub(crate) const LOOK: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use grantway_core::seam::{SeamError, Swept};

    use super::*;

    #[derive(Debug)]
    struct Answering(Result<Swept, ()>);

    #[async_trait]
    impl Sweep for Answering {
        async fn sweep(&self) -> Result<Swept, SeamError> {
            self.0.map_err(|()| SeamError::unavailable("test", "locked"))
        }
    }

    #[tokio::test]
    async fn it_goes_on_soon_while_there_is_more_and_rests_otherwise() {
        let swept = |more| Ok(Swept { removed: 1, wiped: 0, more });
        for (answer, rest) in [(swept(true), BREATH), (swept(false), REST), (Err(()), REST)] {
            assert_eq!(step(&Answering(answer)).await, rest, "{answer:?}");
        }
    }
}
