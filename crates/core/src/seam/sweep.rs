use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;

/// Removes what is over, so that tables do not grow for ever.
///
/// Asked again and again by the binaries; implemented by store. What is removed stays over: it is not
/// taken for new even where a clock is behind.
#[async_trait]
pub trait Sweep: Debug + Send + Sync {
    /// Does one batch, bounded so that nobody else waits long.
    async fn sweep(&self) -> Result<Swept, SeamError>;
}

/// What came of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// Rows that are gone.
    pub removed: u64,
    /// Rows that stay, with what was sealed in them for a while now wiped.
    pub wiped: u64,
    /// Is another batch worth while at once?
    pub more: bool,
}
