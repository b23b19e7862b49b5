//! What can be wrong with a key.

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not PEM, not PKCS#8, not a JWK, or a member is missing.
    #[error("the key is malformed")]
    Malformed,
    /// A kind of key that signs nothing here.
    #[error("the key is of a kind that is not supported: P-256 and RSA from 2048 to 4096 bits are")]
    Unsupported,
    /// The parts of the key do not belong together.
    #[error("the parts of the key do not belong together")]
    Inconsistent,
    /// A new key could not be made.
    #[error("a new key could not be made")]
    Generation,
    /// The key could not sign.
    #[error("the key could not sign")]
    Signing,
}
