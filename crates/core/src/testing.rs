//! Feature `testing`: time and chance that tests can repeat, and an audit that can be read.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::audit::{Audit, Event};
use crate::digest::sha256;
use crate::seam::{Clock, Entropy, SystemClock};
use crate::time::Timestamp;

/// A clock that moves only when told. Starts at 2026-01-01T00:00:00Z.
#[derive(Debug)]
pub struct FixedClock {
    now: AtomicI64,
    begun: Instant,
    lasted_micros: AtomicU64,
}

impl FixedClock {
    /// Later by `span`, of which [`Clock::now`] shows the whole seconds.
    ///
    /// # Panics
    /// If `span` is longer than half a million years.
    pub fn advance(&self, span: Duration) {
        self.set(self.now().plus(span));
        let micros = u64::try_from(span.as_micros()).expect("a span that a test can mean");
        self.lasted_micros.fetch_add(micros, Ordering::SeqCst);
    }

    /// To any time, earlier ones included. As on a machine, nothing lasts longer by that.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.unix(), Ordering::SeqCst);
    }
}

impl Default for FixedClock {
    fn default() -> Self {
        Self {
            now: AtomicI64::new(1_767_225_600),
            begun: SystemClock.instant(),
            lasted_micros: AtomicU64::new(0),
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.now.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        self.begun + Duration::from_micros(self.lasted_micros.load(Ordering::SeqCst))
    }
}

/// Randomness that is the same in every run. Never for anything but tests.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    /// The same seed gives the same bytes in the same order.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let position = self.drawn.fetch_add(1, Ordering::SeqCst);
            let block = sha256([self.seed.to_be_bytes(), position.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Keeps what was told, for a test to read.
#[derive(Debug, Default)]
pub struct RecordedAudit(Mutex<Vec<Event>>);

impl RecordedAudit {
    /// Everything so far, in order.
    ///
    /// # Panics
    /// If another test thread panicked while it recorded.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().expect("no recorder panics while it holds the lock").clone()
    }
}

impl Audit for RecordedAudit {
    fn record(&self, event: Event) {
        self.0.lock().expect("no recorder panics while it holds the lock").push(event);
    }
}
