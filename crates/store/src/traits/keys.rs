use std::fmt::Debug;
use std::future::Future;

use grantway_core::ids::{InstanceId, KeyId};
use grantway_core::seam::{KeptKey, SeamError};

use super::Insert;

/// Keeps signing keys, sealed.
pub trait SigningKeyStore: Debug + Send + Sync + 'static {
    /// All keys, by algorithm and then by generation.
    fn load_signing_keys(
        &self,
        instance: &InstanceId,
    ) -> impl Future<Output = Result<Vec<KeptKey>, SeamError>> + Send;

    /// Adds a key; `Taken` if its algorithm has one of that generation.
    fn insert_signing_key(
        &self,
        instance: &InstanceId,
        key: &KeptKey,
    ) -> impl Future<Output = Result<Insert, SeamError>> + Send;

    /// Puts `anew` in the place of what is sealed there, if and only if that is `before`.
    fn reseal_signing_key(
        &self,
        instance: &InstanceId,
        kid: &KeyId,
        before: &[u8],
        anew: &[u8],
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Removes the key of that name, if it is there.
    fn delete_signing_key(
        &self,
        instance: &InstanceId,
        kid: &KeyId,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;
}
