use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::SeamError;
use crate::jwk::JwkSet;
use crate::jws::{JwsAlgorithm, TokenType};
use crate::secret::Secret;

/// Signs what the server says, or a client. The key never leaves it.
///
/// Asked by the server (its tokens) and the client (assertions, proofs of possession); implemented by jose, or by a
/// key service.
#[async_trait]
pub trait Signer: Debug + Send + Sync {
    /// A compact JWS (RFC 7515 section 3.1) with `alg`, `typ` and the `kid` of a published key; in a proof of
    /// possession with that key's `jwk` instead (RFC 9449 section 4.2).
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError>;

    /// The public keys of everything signed lately, and of what will be signed next.
    async fn published(&self) -> Result<Arc<JwkSet>, SeamError>;
}

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
pub struct ToSign<'a> {
    /// Signed how; one that the key is not meant for is refused.
    pub algorithm: JwsAlgorithm,
    /// For what.
    pub typ: TokenType,
    /// The payload, a JSON object.
    pub claims: &'a [u8],
}
