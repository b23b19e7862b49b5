use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::KeyId;
use crate::jws::JwsAlgorithm;
use crate::time::Timestamp;

/// Keeps signing keys, sealed, so that every process of an instance signs with the same ones.
///
/// Asked by jose; implemented by store.
#[async_trait]
pub trait SigningKeyLedger: Debug + Send + Sync {
    /// All that are kept, oldest generation first within an algorithm.
    async fn load(&self) -> Result<Vec<KeptKey>, SeamError>;

    /// Adds a key unless its algorithm already has one of that generation: of two processes that
    /// make the first key, or the next, at the same time, one wins and both use the winner's.
    async fn add(&self, key: &KeptKey) -> Result<KeyAdded, SeamError>;

    /// Takes a key away that nobody needs any more. It is no error if it is gone.
    async fn remove(&self, kid: &KeyId) -> Result<(), SeamError>;

    /// Puts what was sealed anew in the place of what was sealed before; `false` if that is not what
    /// rests there any more.
    async fn reseal(&self, kid: &KeyId, before: &[u8], anew: &[u8]) -> Result<bool, SeamError>;
}

/// One signing key at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKey {
    /// Signs how.
    pub algorithm: JwsAlgorithm,
    /// Counts from 1 within the algorithm.
    pub generation: i64,
    /// Its name in headers and in the key set.
    pub kid: KeyId,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// Made then.
    pub created_at: Timestamp,
    /// Signs from then on, until another of its algorithm does. It is published from the moment it is
    /// kept, so that whoever holds an older key set fetches a new one before he meets its signature.
    pub active_from: Timestamp,
}

/// What came of adding a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAdded {
    /// It is kept now.
    Added,
    /// Another process was first; load again.
    Taken,
}
