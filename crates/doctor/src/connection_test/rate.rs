//! How often the API may be asked: one bucket for all callers of a process, filled anew each minute.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grantway_core::seam::Clock;

#[derive(Debug)]
pub(crate) struct Rate {
    clock: Arc<dyn Clock>,
    /// In each window.
    limit: u64,
    window: Mutex<Option<Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Instant,
    used: u64,
}

/// What is left after one request more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// So many seconds until the next window, at least one.
    pub(crate) reset: u64,
    /// Was there room for this one?
    pub(crate) taken: bool,
}

impl Rate {
    pub(crate) fn per_second(requests: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self { clock, limit: u64::from(requests.get()) * WINDOW.as_secs(), window: Mutex::default() }
    }

    pub(crate) fn take(&self) -> Left {
        let now = self.clock.instant();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current =
            window.filter(|window| now < window.since + WINDOW).unwrap_or(Window { since: now, used: 0 });
        let taken = current.used < self.limit;
        current.used += u64::from(taken);
        *window = Some(current);
        let left = (current.since + WINDOW).saturating_duration_since(now);
        let reset = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Left { limit: self.limit, remaining: self.limit - current.used, reset: reset.max(1), taken }
    }
}

const WINDOW: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use grantway_core::testing::FixedClock;

    use super::*;

    #[test]
    fn there_is_room_for_so_many_in_a_minute_and_then_again() {
        let clock = Arc::new(FixedClock::default());
        let rate = Rate::per_second(NonZeroU32::MIN, clock.clone());
        for used in 1..=60 {
            assert_eq!(rate.take(), Left { limit: 60, remaining: 60 - used, reset: 60, taken: true });
        }
        clock.advance(Duration::from_millis(58_500));
        assert_eq!(rate.take(), Left { limit: 60, remaining: 0, reset: 2, taken: false });
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(rate.take(), Left { limit: 60, remaining: 59, reset: 60, taken: true });
    }
}
