use std::fmt::Debug;
use std::future::Future;

use grantway_core::client::Client;
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Keeps registered applications, each as one document.
pub trait ClientStore: Debug + Send + Sync + 'static {
    /// The application of that name.
    fn find_client(
        &self,
        instance: &InstanceId,
        client_id: &ClientId,
    ) -> impl Future<Output = Result<Option<Client>, SeamError>> + Send;

    /// Adds the application, or puts it in the place of the one of that name. Counted by
    /// [`ChangeStore`](super::ChangeStore).
    fn put_client(
        &self,
        instance: &InstanceId,
        client: &Client,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// The next `limit` applications after the one of that name, in an order of the store's own.
    fn next_clients(
        &self,
        instance: &InstanceId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Client>, SeamError>> + Send;

    /// Puts `anew` in the place of the application of its name, if and only if that is still `before`. Counted by
    /// [`ChangeStore`](super::ChangeStore).
    fn replace_client(
        &self,
        instance: &InstanceId,
        before: &Client,
        anew: &Client,
        at: Timestamp,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Is there any application?
    fn any_client(&self, instance: &InstanceId) -> impl Future<Output = Result<bool, SeamError>> + Send;
}
