use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Keeps which instance lives here.
pub trait InstanceStore: Debug + Send + Sync + 'static {
    /// The instance that lives here: the one that is kept, or else `proposed`, which is kept from
    /// now on. All callers, in all processes, get the same answer.
    fn settle_instance(
        &self,
        proposed: &InstanceId,
        at: Timestamp,
    ) -> impl Future<Output = Result<InstanceId, SeamError>> + Send;
}
