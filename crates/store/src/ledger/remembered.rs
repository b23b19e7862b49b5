use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grantway_core::ids::InstanceId;
use grantway_core::seam::{Clock, SeamError};
use quick_cache::sync::Cache;

use crate::traits::ChangeStore;

/// Sees to it that nothing is remembered that was changed since: at once what this process changes, and
/// within [`LATE_BY`] what another does.
///
/// One for all ledgers of an instance that are to remember what they read. It asks the store for its count
/// of changes when somebody wants to know and the last answer is too old, so it needs no time of its own,
/// and a process that was held up for long trusts nothing when it goes on. What changes uncounted, because
/// somebody changed a row by hand, is noticed within [`OLDEST`].
pub struct Freshness<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The count, and when the question was asked that it answered.
    counted: Option<(i64, Instant)>,
    age: Age,
}

/// Between two changes; what was read in another is not used any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Age(u64);

impl<S: ChangeStore> Freshness<S> {
    /// Of what is remembered of this instance.
    #[must_use]
    pub fn new(store: Arc<S>, instance: InstanceId, clock: Arc<dyn Clock>) -> Self {
        Self { store, instance, clock, seen: Mutex::default() }
    }

    /// Which age it is, if the store said so a moment ago.
    async fn age(&self) -> Result<Option<Age>, SeamError> {
        let asked_at = self.clock.instant();
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.counted.is_some_and(|(_, at)| asked_at.saturating_duration_since(at) < LATE_BY) {
            return Ok(Some(seen.age));
        }
        let counted = self.store.changes(&self.instance).await?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Of several who asked at once, the last to be answered need not have the newest answer: another
        // count than before begins another age, whichever it is.
        if seen.counted.is_none_or(|(before, _)| before != counted) {
            seen.age.0 += 1;
        }
        seen.counted = Some((counted, asked_at));
        // The answer may have been long on its way.
        Ok(self.is_recent(asked_at, LATE_BY).then_some(seen.age))
    }

    fn is_recent(&self, at: Instant, span: Duration) -> bool {
        self.clock.instant().saturating_duration_since(at) < span
    }

    /// This process changed something.
    fn changed(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).age.0 += 1;
    }
}

impl<S> fmt::Debug for Freshness<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Freshness").field("instance", &self.instance).finish_non_exhaustive()
    }
}

/// What was read of one kind of row, a bounded number of them.
pub(super) struct Remembered<S, K, V> {
    freshness: Arc<Freshness<S>>,
    rows: Cache<K, Row<V>>,
}

#[derive(Debug)]
struct Row<V> {
    age: Age,
    read_at: Instant,
    value: Arc<V>,
}

impl<V> Clone for Row<V> {
    fn clone(&self) -> Self {
        let Self { age, read_at, value } = self;
        Self { age: *age, read_at: *read_at, value: Arc::clone(value) }
    }
}

impl<S: ChangeStore, K: Clone + Eq + Hash, V> Remembered<S, K, V> {
    pub(super) fn new(freshness: Arc<Freshness<S>>) -> Self {
        Self { freshness, rows: Cache::new(ROWS) }
    }

    /// The row of that name as it is remembered, else as it is read. That there is none is not remembered.
    pub(super) async fn find(
        &self,
        key: &K,
        read: impl Future<Output = Result<Option<V>, SeamError>>,
    ) -> Result<Option<Arc<V>>, SeamError> {
        let Some(now) = self.freshness.age().await? else { return Ok(read.await?.map(Arc::new)) };
        if let Some(Row { age, read_at, value }) = self.rows.get(key)
            && age == now
            && self.freshness.is_recent(read_at, OLDEST)
        {
            return Ok(Some(value));
        }
        let read_at = self.freshness.clock.instant();
        let value = read.await?.map(Arc::new);
        if let Some(value) = &value {
            self.rows.insert(key.clone(), Row { age: now, read_at, value: Arc::clone(value) });
        }
        Ok(value)
    }

    /// After a row was changed, before anybody is told.
    pub(super) fn changed(&self) {
        self.freshness.changed();
    }
}

impl<S, K, V> fmt::Debug for Remembered<S, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.freshness.fmt(f)
    }
}

/// No later than this it is noticed that another process changed something. As everywhere on a machine, time
/// in which it sleeps does not count.
pub const LATE_BY: Duration = Duration::from_millis(500);
/// No later than this what nobody counted is noticed.
pub const OLDEST: Duration = Duration::from_secs(60);
/// Of each kind; the rest is read.
const ROWS: usize = 10_000;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

    use grantway_core::testing::FixedClock;

    use super::*;

    /// A store that counts, and how often it is asked. Below zero it is down. It takes its time.
    #[derive(Debug, Default)]
    struct Counting {
        counted: AtomicI64,
        asked: AtomicUsize,
        clock: Arc<FixedClock>,
        slow: AtomicBool,
    }

    impl ChangeStore for Counting {
        async fn changes(&self, _instance: &InstanceId) -> Result<i64, SeamError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.slow.load(Ordering::SeqCst) {
                self.clock.advance(LATE_BY);
            }
            match self.counted.load(Ordering::SeqCst) {
                down if down < 0 => Err(SeamError::unavailable("test", "down")),
                counted => Ok(counted),
            }
        }
    }

    struct Scene {
        store: Arc<Counting>,
        clock: Arc<FixedClock>,
        rows: Remembered<Counting, u8, &'static str>,
    }

    impl Scene {
        fn new() -> Self {
            let store = Arc::new(Counting::default());
            let clock = Arc::clone(&store.clock);
            let instance = "ins_one".parse().unwrap();
            let freshness = Freshness::new(Arc::clone(&store), instance, clock.clone());
            Self { store, clock, rows: Remembered::new(Arc::new(freshness)) }
        }

        /// What is found if a read finds `there`.
        async fn find(&self, there: Option<&'static str>) -> Option<&'static str> {
            self.rows.find(&1, async { Ok(there) }).await.unwrap().map(|row| *row)
        }
    }

    #[tokio::test]
    async fn a_row_is_read_once_while_nothing_changes_and_the_count_now_and_then() {
        let scene = Scene::new();

        assert_eq!(scene.find(Some("first")).await, Some("first"));
        for _ in 0..10 {
            assert_eq!(scene.find(Some("never read")).await, Some("first"));
        }
        assert_eq!(scene.store.asked.load(Ordering::SeqCst), 1);
        scene.clock.advance(LATE_BY);

        assert_eq!(scene.find(Some("never read")).await, Some("first"));
        assert_eq!(scene.store.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn that_there_is_nothing_is_not_remembered() {
        let scene = Scene::new();

        assert_eq!(scene.find(None).await, None);
        assert_eq!(scene.find(Some("first")).await, Some("first"));
    }

    #[tokio::test]
    async fn what_another_process_changed_is_read_again_half_a_second_later_and_what_this_one_did_at_once() {
        let scene = Scene::new();
        scene.find(Some("first")).await;

        scene.store.counted.fetch_add(1, Ordering::SeqCst);
        scene.clock.advance(LATE_BY * 3 / 4);
        assert_eq!(scene.find(Some("second")).await, Some("first"));
        scene.clock.advance(LATE_BY / 4);
        assert_eq!(scene.find(Some("second")).await, Some("second"));

        scene.rows.changed();
        assert_eq!(scene.find(Some("third")).await, Some("third"));
    }

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let scene = Scene::new();

        let read = async {
            scene.rows.changed();
            Ok(Some("before"))
        };
        scene.rows.find(&1, read).await.unwrap();

        assert_eq!(scene.find(Some("after")).await, Some("after"));
    }

    #[tokio::test]
    async fn an_answer_that_was_long_on_its_way_is_not_relied_on() {
        let scene = Scene::new();
        scene.find(Some("first")).await;
        scene.clock.advance(LATE_BY);

        scene.store.slow.store(true, Ordering::SeqCst);

        assert_eq!(scene.find(Some("second")).await, Some("second"));
        assert_eq!(scene.find(Some("third")).await, Some("third"));
    }

    #[tokio::test]
    async fn what_nobody_counted_is_read_again_a_minute_later() {
        let scene = Scene::new();
        scene.find(Some("first")).await;

        scene.clock.advance(OLDEST / 2);
        assert_eq!(scene.find(Some("second")).await, Some("first"));
        scene.clock.advance(OLDEST / 2);

        assert_eq!(scene.find(Some("second")).await, Some("second"));
    }

    #[tokio::test]
    async fn nothing_is_used_of_which_nobody_knows_whether_it_still_stands() {
        let scene = Scene::new();
        scene.find(Some("first")).await;

        scene.store.counted.store(-1, Ordering::SeqCst);
        scene.clock.advance(LATE_BY);

        assert!(scene.rows.find(&1, async { Ok(Some("second")) }).await.is_err());
    }
}
