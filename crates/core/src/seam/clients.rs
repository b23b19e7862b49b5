use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::SeamError;
use crate::client::Client;
use crate::ids::ClientId;

/// Knows the registered applications. Asked by the server and by login; implemented by store.
#[async_trait]
pub trait ClientDirectory: Debug + Send + Sync {
    /// The application of that name, disabled ones included.
    async fn find(&self, client_id: &ClientId) -> Result<Option<Arc<Client>>, SeamError>;
}
