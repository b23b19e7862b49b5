use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;

/// Says whether a part can do its work now. Asked by the server for `/readyz`; implemented by store.
#[async_trait]
pub trait Readiness: Debug + Send + Sync {
    /// Ready, or what is in the way.
    async fn ready(&self) -> Result<(), SeamError>;
}
