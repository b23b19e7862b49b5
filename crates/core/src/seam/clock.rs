use std::fmt::Debug;
use std::time::Instant;

use crate::time::Timestamp;

/// What time it is. Asked by every crate; tests put a clock of their own here.
pub trait Clock: Debug + Send + Sync {
    /// Now, in whole seconds.
    fn now(&self) -> Timestamp;

    /// Now, for measuring how long something has lasted: it never goes back, and nobody can set it.
    fn instant(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp::from_unix(since_epoch.map_or(0, |span| i64::try_from(span.as_secs()).unwrap_or(i64::MAX)))
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }
}
