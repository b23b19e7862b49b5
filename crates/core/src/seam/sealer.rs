use std::fmt::Debug;

use zeroize::Zeroizing;

use super::SeamError;
use crate::ids::InstanceId;

/// Seals what must rest in a row or a cookie and be read again.
///
/// Authenticated encryption; the sealed bytes name the key they were sealed with. Asked by store,
/// jose and server; implemented by jose.
pub trait Sealer: Debug + Send + Sync {
    /// Seals `plain` for one place; it does not open in another.
    fn seal(&self, plain: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, SeamError>;

    /// Opens what [`Sealer::seal`] sealed for the same place.
    fn open(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Opened, SeamError>;

    /// Was it sealed with the key that [`Sealer::seal`] uses today? What was not is sealed anew while
    /// the older key is still there.
    fn is_current(&self, sealed: &[u8]) -> bool;
}

/// The place a sealed value belongs to: a ciphertext moved to another row does not open.
#[derive(Clone, Copy, Debug)]
pub struct SealContext<'a> {
    /// Whose it is.
    pub instance: &'a InstanceId,
    /// Which record.
    pub record: &'a str,
    /// Which field of it.
    pub field: &'static str,
}

/// What came of opening.
#[derive(Debug)]
pub enum Opened {
    /// As it was sealed; wiped when dropped.
    Plain(Zeroizing<Vec<u8>>),
    /// It does not open.
    Refused(Unsealable),
}

/// Why a sealed value does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsealable {
    /// Sealed with a key this process does not have.
    #[error("sealed with a root key that is not here")]
    UnknownKey,
    /// Changed, cut, or moved here from another place.
    #[error("the sealed value was changed or belongs elsewhere")]
    Tampered,
}
