//! What proofs of possession have to be.

use std::fmt;
use std::time::Duration;

use grantway_core::base64url;
use grantway_core::digest::hmac_sha256;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use crate::proof_fault::ProofFault;

/// What proofs of possession have to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DpopRules {
    /// Is no token let in without one? No by default. A token that is bound to a key never is.
    pub required: bool,
    /// The algorithms it may be signed by: all that have a key pair by default. Without any, no proof is good, and
    /// challenges do not speak of proofs.
    pub algorithms: Vec<JwsAlgorithm>,
    /// How old it may be: 60 seconds by default.
    pub max_age: Duration,
    /// What proofs have to have in them, so that nobody can have made them long ago. None by default.
    pub nonces: Option<DpopNonces>,
}

impl Default for DpopRules {
    fn default() -> Self {
        Self {
            required: false,
            algorithms: JwsAlgorithm::ASYMMETRIC.to_vec(),
            max_age: Duration::from_secs(60),
            nonces: None,
        }
    }
}

/// Nonces for proofs (RFC 9449 section 9), of which nothing is kept: each is a MAC of the time.
#[derive(Clone)]
pub struct DpopNonces {
    key: [u8; 32],
    lifetime: Duration,
}

impl DpopNonces {
    /// By a key that all processes of the resource have. A nonce is given out for so long, and good for as long again.
    #[must_use]
    pub const fn new(key: [u8; 32], lifetime: Duration) -> Self {
        Self { key, lifetime }
    }

    pub(crate) fn current(&self, now: Timestamp) -> String {
        self.of(self.turn(now))
    }

    /// If that one is good, the next one if it is another.
    pub(crate) fn accept(&self, nonce: Option<&str>, now: Timestamp) -> Result<Option<String>, ProofFault> {
        let nonce = nonce.ok_or(ProofFault::Nonce)?;
        let current = self.current(now);
        // Nobody can find out one character by character.
        if Secret::new(current.as_str()).matches(nonce) {
            Ok(None)
        } else if Secret::new(self.of(self.turn(now) - 1)).matches(nonce) {
            Ok(Some(current))
        } else {
            Err(ProofFault::Nonce)
        }
    }

    fn turn(&self, now: Timestamp) -> i64 {
        let seconds = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX).max(1);
        now.unix().div_euclid(seconds)
    }

    fn of(&self, turn: i64) -> String {
        base64url::encode(hmac_sha256(&self.key, &[b"dpop nonce", &turn.to_be_bytes()]))
    }
}

impl fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopNonces").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
