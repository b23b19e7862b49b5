use std::fmt::Debug;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::SeamError;
use crate::jwk::{JwkSet, JwksUri};
use crate::jws::{JwsAlgorithm, TokenType};
use crate::secret::Secret;

/// Proves that a compact JWS was signed with one of the keys that the caller trusts.
///
/// It checks the signature and the header; what the claims say is for the caller, who alone knows
/// which issuer, audience and time he expects. Asked by the server (client assertions, its own
/// access tokens) and resource (access tokens, proofs of possession); implemented by jose.
#[async_trait]
pub trait Verifier: Debug + Send + Sync {
    /// The claims, or why the token is not to be believed.
    async fn verify(&self, token: &str, rules: VerificationRules<'_>) -> Result<Verification, SeamError>;
}

/// What the caller accepts. The token has no say in it.
#[derive(Clone, Copy, Debug)]
pub struct VerificationRules<'a> {
    /// What it may be signed with.
    pub keys: TrustedKeys<'a>,
    /// The algorithms it may be signed by.
    pub algorithms: &'a [JwsAlgorithm],
    /// The `typ` values it may carry, compared without regard to case and to a leading
    /// `application/` (RFC 7515 section 4.1.9).
    pub types: &'a [TokenType],
    /// May `typ` be absent?
    pub untyped: bool,
}

/// What a token may be signed with.
#[derive(Clone, Copy, Debug)]
pub enum TrustedKeys<'a> {
    /// A key pair whose public half is one of these.
    Set(&'a JwkSet),
    /// A key pair whose public half is published there: fetched, kept for a while, and fetched anew when a token
    /// names a key that is not among them.
    At(&'a JwksUri),
    /// A secret that both sides hold.
    Shared(&'a Secret),
}

/// What came of a verification.
#[derive(Clone, Debug)]
pub enum Verification {
    /// Signed by one of the keys. The claims are still to be judged.
    Valid(Map<String, Value>),
    /// Not to be believed.
    Refused(JwsFault),
}

/// Why a token is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum JwsFault {
    /// Not three segments of base64url, not JSON objects, or too long.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// Its `alg` is none of those the caller accepts.
    #[error("the token's alg is not accepted here")]
    Algorithm,
    /// Its `typ` is none of those the caller accepts.
    #[error("the token's typ is not accepted here")]
    Type,
    /// It names extensions in `crit` that must be understood.
    #[error("the token names a critical extension that is not understood")]
    Critical,
    /// No key of the set fits its `kid` and `alg`.
    #[error("no key fits the token's kid and alg")]
    UnknownKey,
    /// The keys cannot be had from where they are published: which place, and why, for an operator.
    #[error("the keys cannot be read from where they are published: {0}")]
    KeysUnavailable(String),
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
}
