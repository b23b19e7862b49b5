use std::fmt::Debug;
use std::future::Future;

use grantway_core::api_key::{ApiKey, ApiKeyHolder};
use grantway_core::digest::TokenDigest;
use grantway_core::ids::{ApiKeyId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

/// Keeps the keys of programs.
pub trait ApiKeyStore: Debug + Send + Sync + 'static {
    /// Adds the key, or puts it in the place of the one of that prefix, which keeps when it was made and used;
    /// if and only if there is the project that it is for. Says whether.
    fn put_api_key(
        &self,
        instance: &InstanceId,
        row: &ApiKeyRow,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// The key of that prefix.
    fn find_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
    ) -> impl Future<Output = Result<Option<ApiKeyRow>, SeamError>> + Send;

    /// Every key of that holder, by the time it was made.
    fn api_keys_of(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
    ) -> impl Future<Output = Result<Vec<ApiKey>, SeamError>> + Send;

    /// Sets when the key was last used, unless that is later than `before`.
    fn touch_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
        at: Timestamp,
        before: Timestamp,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// Removes the key, if it is that holder's. Says whether.
    fn delete_api_key(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
        id: &ApiKeyId,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Removes every key that is declared under that name, but for the one of that prefix.
    fn delete_declared_api_keys(
        &self,
        instance: &InstanceId,
        declared_as: &str,
        except: &ApiKeyId,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;
}

/// One key at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// What is known of it.
    pub key: ApiKey,
    /// Of the whole of it, as it is shown.
    pub digest: TokenDigest,
    /// Under which name it stands in a configuration, if it does.
    pub declared_as: Option<String>,
}
