use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use grantway_core::seam::{Clock, SystemClock};
use grantway_core::time::Timestamp;

/// The machine's clock, and so many seconds ahead of it.
#[derive(Debug)]
pub(crate) struct ShiftedClock(AtomicI64);

impl ShiftedClock {
    pub(crate) const fn new(ahead: i64) -> Self {
        Self(AtomicI64::new(ahead))
    }

    pub(crate) fn set(&self, ahead: i64) {
        self.0.store(ahead, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(SystemClock.now().unix() + self.0.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        SystemClock.instant()
    }
}
