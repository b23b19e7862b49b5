//! What was found out of late, and is being found out: each once for all who want to know it.

use std::sync::Arc;
use std::time::Instant;

use grantway_core::digest::TokenDigest;
use grantway_core::seam::Clock;
use grantway_core::time::Timestamp;
use quick_cache::sync::Cache;
use tokio::sync::OnceCell;

/// Answers by the digest of what was asked about; so many at most.
///
/// Whoever comes while a question is under way waits for its answer, whatever that is. If the one who asks goes away,
/// the next one asks.
pub(crate) struct Remembered<V> {
    answers: Cache<[u8; 32], Arc<OnceCell<Answer<V>>>>,
    clock: Arc<dyn Clock>,
}

/// An answer, and for how long it is good for those who come later.
#[derive(Clone, Debug)]
pub(crate) struct Answer<V> {
    pub(crate) value: V,
    /// None: not at all.
    pub(crate) fresh_until: Option<Instant>,
    /// What it is about is over then.
    pub(crate) over_at: Option<Timestamp>,
}

impl<V: Clone> Remembered<V> {
    pub(crate) fn new(most: usize, clock: Arc<dyn Clock>) -> Self {
        Self { answers: Cache::new(most), clock }
    }

    /// What is known, or what comes of asking.
    pub(crate) async fn get_or_ask(&self, about: &TokenDigest, ask: impl Future<Output = Answer<V>>) -> V {
        let key = about.as_bytes();
        let mut cell = self.cell(key);
        if cell.get().is_some_and(|answer| !self.is_fresh(answer)) {
            self.forget(key, &cell);
            cell = self.cell(key);
        }
        let answer = cell.get_or_init(|| ask).await;
        if answer.fresh_until.is_none() {
            self.forget(key, &cell);
        }
        answer.value.clone()
    }

    fn cell(&self, key: &[u8; 32]) -> Arc<OnceCell<Answer<V>>> {
        match self.answers.get_or_insert_with(key, || Ok::<_, std::convert::Infallible>(Arc::default())) {
            Ok(cell) => cell,
            Err(never) => match never {},
        }
    }

    /// Unless somebody else did, and began anew.
    fn forget(&self, key: &[u8; 32], cell: &Arc<OnceCell<Answer<V>>>) {
        self.answers.remove_if(key, |kept| Arc::ptr_eq(kept, cell));
    }

    fn is_fresh(&self, answer: &Answer<V>) -> bool {
        answer.fresh_until.is_some_and(|until| self.clock.instant() < until)
            && answer.over_at.is_none_or(|end| self.clock.now() < end)
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::digest::DigestKind;
    use grantway_core::secret::Secret;
    use grantway_core::testing::FixedClock;

    use super::*;

    #[tokio::test]
    async fn what_nobody_may_be_told_later_takes_no_room() {
        let clock = Arc::new(FixedClock::default());
        let remembered = Remembered::new(10, clock.clone());
        let about = |name: &str| TokenDigest::of(DigestKind::AccessToken, &Secret::new(name));
        let answer = |fresh_until| async move { Answer { value: 1, fresh_until, over_at: None } };

        assert_eq!(remembered.get_or_ask(&about("made up"), answer(None)).await, 1);
        assert_eq!(remembered.answers.len(), 0);
        let later = clock.instant() + std::time::Duration::from_secs(1);
        assert_eq!(remembered.get_or_ask(&about("good"), answer(Some(later))).await, 1);
        assert_eq!(remembered.answers.len(), 1);
    }
}
