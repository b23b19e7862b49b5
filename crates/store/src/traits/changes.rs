use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;

/// Counts the changes to what processes remember, so that each can see that it has to read again.
///
/// The verbs that say so count one in the same step as they change a row: whoever sees the old count, and
/// then reads, may see the new row, but nobody sees the new count and then the old row.
pub trait ChangeStore: Debug + Send + Sync + 'static {
    /// How many there were; only whether it is the same as before has a meaning.
    fn changes(&self, instance: &InstanceId) -> impl Future<Output = Result<i64, SeamError>> + Send;
}
