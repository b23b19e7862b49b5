//! A few threads for work that is heavy on purpose, with a door that closes when too many wait.

use std::sync::Arc;
use std::thread::available_parallelism;

use grantway_core::seam::SeamError;
use tokio::sync::Semaphore;

/// Runs heavy work off the async threads, as much at a time as it has workers, and turns away what
/// would wait too long. Clones share one door.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    admitted: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

/// What came of a piece of work.
#[derive(Debug)]
pub(crate) enum Admission<T> {
    /// It was done.
    Done(T),
    /// Too many wait already.
    Full,
}

impl Pool {
    /// As many workers as the machine runs at once.
    pub(crate) fn new() -> Self {
        let workers = available_parallelism().map_or(1, usize::from);
        Self::with(workers, workers * QUEUE_PER_WORKER)
    }

    /// So many at work, and so many more that wait.
    pub(crate) fn with(workers: usize, queue: usize) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(workers + queue)),
            working: Arc::new(Semaphore::new(workers)),
        }
    }

    /// Does `work` when a worker is free.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Admission<T>, SeamError> {
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            return Ok(Admission::Full);
        };
        let worker = Arc::clone(&self.working)
            .acquire_owned()
            .await
            .map_err(|closed| SeamError::broken(PART, closed))?;
        // The permits travel with the work: a browser that hangs up frees no worker that is still busy.
        let job = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((worker, admitted));
            done
        });
        job.await.map(Admission::Done).map_err(|lost| SeamError::unavailable(PART, lost))
    }
}

/// A hash takes some 16 ms: the last in the queue waits about a second.
const QUEUE_PER_WORKER: usize = 64;
const PART: &str = "password hashing";

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn who_finds_the_queue_full_is_turned_away_and_the_door_opens_again() {
        let pool = Pool::with(1, 1);
        let (finish, told) = mpsc::channel::<()>();
        let busy = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move || told.recv().is_ok()).await }
        });
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(|| 2).await }
        });
        while pool.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }

        let turned_away = pool.run(|| 3).await.unwrap();
        finish.send(()).unwrap();

        assert!(matches!(turned_away, Admission::Full));
        assert!(matches!(busy.await.unwrap().unwrap(), Admission::Done(true)));
        assert!(matches!(waiting.await.unwrap().unwrap(), Admission::Done(2)));
        assert!(matches!(pool.run(|| 4).await.unwrap(), Admission::Done(4)));
    }

    #[tokio::test]
    async fn work_that_panics_is_a_breakdown_and_gives_its_place_back() {
        let pool = Pool::with(1, 0);

        let lost = pool.run(|| panic!("as a test")).await;

        assert!(lost.is_err());
        assert!(matches!(pool.run(|| 1).await.unwrap(), Admission::Done(1)));
    }
}
