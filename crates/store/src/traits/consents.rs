use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::{ClientId, InstanceId, Subject};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Keeps what people agreed to, one row a scope.
pub trait ConsentStore: Debug + Send + Sync + 'static {
    /// All scopes agreed to, empty if none.
    fn recall_consent(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> impl Future<Output = Result<ScopeSet, SeamError>> + Send;

    /// Adds scopes; those already there stay as they are.
    fn add_consent(
        &self,
        instance: &InstanceId,
        consent: &ConsentRow,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// Every row of that subject, in any order.
    fn consents_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> impl Future<Output = Result<Vec<ConsentRow>, SeamError>> + Send;

    /// Removes all rows of that subject and application in one step, and says how many.
    fn delete_consents(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;
}

/// What a person agreed to at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// Who.
    pub subject: Subject,
    /// To which application's wish.
    pub client_id: ClientId,
    /// To how much.
    pub scope: ScopeSet,
    /// When.
    pub at: Timestamp,
}
