//! Which proofs of possession were used before, for one process.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use grantway_core::digest::TokenDigest;
use grantway_core::seam::{Claimed, Clock, ReplayLedger, SeamError};
use grantway_core::time::Timestamp;

/// Remembers what was claimed, in memory. What is over is forgotten; if it is full of what is not, nothing more is let
/// in, rather than something twice.
#[derive(Debug)]
pub struct ProofMemory {
    clock: Arc<dyn Clock>,
    most: usize,
    claimed: Mutex<Claims>,
}

#[derive(Debug, Default)]
struct Claims {
    all: HashSet<[u8; 32]>,
    by_end: BTreeMap<Timestamp, Vec<[u8; 32]>>,
}

impl ProofMemory {
    /// Knows none yet, and at most 200,000 at once: for two minutes 1,600 each second.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::of(200_000, clock)
    }

    pub(crate) fn of(most: usize, clock: Arc<dyn Clock>) -> Self {
        Self { clock, most, claimed: Mutex::default() }
    }
}

#[async_trait]
impl ReplayLedger for ProofMemory {
    async fn claim(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<Claimed, SeamError> {
        let now = self.clock.now();
        let mut claims = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        claims.forget_until(now);
        if expires_at <= now || claims.all.contains(value.as_bytes()) {
            return Ok(Claimed::Again);
        }
        if claims.all.len() >= self.most {
            return Err(SeamError::unavailable("proof memory", "it is full of proofs that are not over yet"));
        }
        claims.all.insert(*value.as_bytes());
        claims.by_end.entry(expires_at).or_default().push(*value.as_bytes());
        Ok(Claimed::First)
    }

    async fn is_claimed(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<bool, SeamError> {
        let claims = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(expires_at <= self.clock.now() || claims.all.contains(value.as_bytes()))
    }
}

impl Claims {
    fn forget_until(&mut self, now: Timestamp) {
        while let Some(over) = self.by_end.first_entry().filter(|first| *first.key() <= now) {
            for value in over.remove() {
                self.all.remove(&value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use grantway_core::digest::DigestKind;
    use grantway_core::secret::Secret;
    use grantway_core::testing::FixedClock;

    use super::*;

    fn value(name: &str) -> TokenDigest {
        TokenDigest::of(DigestKind::Proof, &Secret::new(name))
    }

    #[tokio::test]
    async fn of_all_who_claim_one_is_the_first_and_what_is_over_is_as_good_as_claimed() {
        let clock = Arc::new(FixedClock::default());
        let memory = ProofMemory::new(clock.clone());
        let end = clock.now().plus(Duration::from_secs(60));

        assert!(!memory.is_claimed(&value("a"), end).await.unwrap());
        assert_eq!(memory.claim(&value("a"), end).await.unwrap(), Claimed::First);
        assert_eq!(memory.claim(&value("a"), end).await.unwrap(), Claimed::Again);
        assert_eq!(
            memory.claim(&value("a"), end.plus(Duration::from_secs(9))).await.unwrap(),
            Claimed::Again
        );
        assert!(memory.is_claimed(&value("a"), end).await.unwrap());
        clock.set(end);
        assert_eq!(memory.claim(&value("a"), end).await.unwrap(), Claimed::Again);
        assert_eq!(memory.claim(&value("b"), end).await.unwrap(), Claimed::Again);
    }

    #[tokio::test]
    async fn a_full_memory_lets_nothing_in_until_something_is_over() {
        let clock = Arc::new(FixedClock::default());
        let memory = ProofMemory::of(2, clock.clone());
        let end = |seconds| clock.now().plus(Duration::from_secs(seconds));
        memory.claim(&value("a"), end(1)).await.unwrap();
        memory.claim(&value("b"), end(2)).await.unwrap();

        let refused = memory.claim(&value("c"), end(2)).await;

        assert!(refused.is_err());
        assert_eq!(memory.claim(&value("b"), end(2)).await.unwrap(), Claimed::Again, "it is still known");
        clock.advance(Duration::from_secs(1));
        assert_eq!(memory.claim(&value("c"), end(2)).await.unwrap(), Claimed::First);
    }
}
