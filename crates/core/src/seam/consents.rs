use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::{ClientId, Subject};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// Remembers what a person agreed to.
///
/// Asked by the server before it shows a consent page, and by login for a person's account page; kept by store.
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

    /// All that a person agreed to and has not taken back, in the order of `client_id`.
    async fn agreements(&self, subject: &Subject) -> Result<Vec<Agreement>, SeamError>;

    /// From now on nothing is agreed with that client. Says whether anything was. What it was given before goes on
    /// until [`GrantRevocation`](super::GrantRevocation) ends it.
    async fn forget(&self, subject: &Subject, client: &ClientId) -> Result<bool, SeamError>;
}

/// What a person agreed to with one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// With whom.
    pub client_id: ClientId,
    /// To how much, over all times.
    pub scope: ScopeSet,
    /// The first time.
    pub since: Timestamp,
}
