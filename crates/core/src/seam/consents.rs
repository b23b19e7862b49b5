use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::{ClientId, Subject};
use crate::scope::ScopeSet;

/// Remembers what a person agreed to.
///
/// Asked by the server before it shows a consent page; kept by store.
#[async_trait]
pub trait ConsentLedger: Debug + Send + Sync {
    /// The scopes already agreed, empty if none.
    async fn recall(&self, subject: &Subject, client: &ClientId) -> Result<ScopeSet, SeamError>;

    /// Adds `scopes` to what is agreed.
    async fn remember(
        &self,
        subject: &Subject,
        client: &ClientId,
        scopes: &ScopeSet,
    ) -> Result<(), SeamError>;
}
