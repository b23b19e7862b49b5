use std::fmt::Debug;
use std::future::Future;

use grantway_core::seam::SeamError;

/// Says whether the backend can read and write now.
pub trait ReadinessStore: Debug + Send + Sync + 'static {
    /// A cheap look at the database, or what is in the way.
    fn ready(&self) -> impl Future<Output = Result<(), SeamError>> + Send;
}
