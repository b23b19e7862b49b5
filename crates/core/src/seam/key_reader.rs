use std::fmt::Debug;
use std::sync::Arc;

use super::Signer;
use crate::jws::JwsAlgorithm;
use crate::secret::Secret;

/// Reads private keys that callers bring, for the one thing they want signed. Asked by doctor; implemented by jose.
pub trait KeyReader: Debug + Send + Sync {
    /// The key of a JWK (RFC 7517), for that algorithm: checked as a whole, down to whether its halves belong together. Its
    /// `kid` goes into what it signs; without one, none does.
    fn read(&self, jwk: &Secret, algorithm: JwsAlgorithm) -> Result<Arc<dyn Signer>, UnusableKey>;
}

/// What is wrong with a key; shows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnusableKey(pub String);
