//! What is done to its end although whoever asked for it may go away.

use std::sync::Arc;

use grantway_core::seam::SeamError;
use tokio::sync::Semaphore;

/// As much at once as there are places, and the end of all of it awaited before the program ends.
#[derive(Debug)]
pub(crate) struct Underway(Arc<Semaphore>);

impl Underway {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(PLACES as usize)))
    }

    /// What `work` came to. Dropping this does not end it.
    pub(crate) async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, SeamError>> + Send + 'static,
    ) -> Result<T, SeamError> {
        let broken = |lost: String| SeamError::broken("sign-in", lost);
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|closed| broken(closed.to_string()))?;
        let task = tokio::spawn(async move {
            let _place = place;
            work.await
        });
        task.await.map_err(|lost| broken(lost.to_string()))?
    }

    /// Returns when nothing is under way.
    pub(crate) async fn drain(&self) {
        // It is never closed.
        let _ = self.0.acquire_many(PLACES).await;
    }
}

const PLACES: u32 = 256;
