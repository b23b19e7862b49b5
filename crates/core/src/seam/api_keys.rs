use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::api_key::{ApiKey, ApiKeyHolder};
use crate::ids::ApiKeyId;
use crate::scope::ScopeSet;
use crate::secret::Secret;
use crate::time::Timestamp;

/// Knows the keys of programs. Asked by connect and doctor; implemented by store.
#[async_trait]
pub trait ApiKeyDirectory: Debug + Send + Sync {
    /// The key that somebody shows, if it is one and has not expired. Takes note of when.
    async fn identify(&self, shown: &Secret) -> Result<Option<ApiKey>, SeamError>;

    /// The keys of one holder, the oldest first; those that have expired too.
    async fn list(&self, holder: &ApiKeyHolder) -> Result<Vec<ApiKey>, SeamError>;

    /// A new one, if the project that it is for is there.
    async fn issue(&self, wanted: NewApiKey) -> Result<ApiKeyIssued, SeamError>;

    /// Ends one at once. Says whether that holder had it.
    async fn revoke(&self, holder: &ApiKeyHolder, id: &ApiKeyId) -> Result<bool, SeamError>;
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub holder: ApiKeyHolder,
    /// What it may do. Empty: whatever its holder may.
    pub scope: ScopeSet,
    /// No longer good from then on.
    pub expires_at: Option<Timestamp>,
}

/// What came of asking for a new key.
#[derive(Clone, Debug)]
pub enum ApiKeyIssued {
    /// It is good from now on.
    Issued {
        /// What is known of it.
        key: ApiKey,
        /// What its owner has to keep: it cannot be asked for again.
        shown: Secret,
    },
    /// Nobody has that project.
    NoSuchProject,
}
