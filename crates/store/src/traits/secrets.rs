use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

use super::Insert;

/// Keeps secrets that every process of an instance shares, sealed, each under a name.
pub trait SecretStore: Debug + Send + Sync + 'static {
    /// All of them.
    fn load_secrets(
        &self,
        instance: &InstanceId,
    ) -> impl Future<Output = Result<Vec<SecretRow>, SeamError>> + Send;

    /// Adds a secret; `Taken` if its name is.
    fn insert_secret(
        &self,
        instance: &InstanceId,
        row: &SecretRow,
        at: Timestamp,
    ) -> impl Future<Output = Result<Insert, SeamError>> + Send;

    /// Puts `anew` in the place of what is sealed there, if and only if that is `before`.
    fn reseal_secret(
        &self,
        instance: &InstanceId,
        before: &SecretRow,
        anew: &[u8],
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;
}

/// A secret at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRow {
    /// What it is for.
    pub name: String,
    /// It, sealed.
    pub sealed: Vec<u8>,
}
