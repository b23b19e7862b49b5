//! Whether whoever presents a token holds the key that it is bound to: RFC 9449.

use std::fmt;
use std::time::Duration;

use grantway_core::base64url;
use grantway_core::digest::{DigestKind, TokenDigest, hmac_sha256};
use grantway_core::dpop::{ProofClaims, access_token_hash, proof_key, target_uri};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Claimed, JwsFault, TrustedKeys, Verification, VerificationRules};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use http::request::Parts;
use serde_json::Value;

use crate::parts::ResourceParts;
use crate::refusal::Refusal;
use crate::validate::Fault;

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
    fn accept(&self, nonce: Option<&str>, now: Timestamp) -> Result<Option<String>, ProofFault> {
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

/// What is wrong with a proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// There is none.
    #[error("there is no DPoP header")]
    Missing,
    /// Which of the two was meant?
    #[error("there are two DPoP headers")]
    Twice,
    /// It has no public key in its header, or not the claims of a proof.
    #[error("the proof is malformed")]
    Malformed,
    /// It shows another key than the one that the token is bound to.
    #[error("the proof is not made by the key that the access token is bound to")]
    OtherKey,
    /// It is not what it says.
    #[error("of the proof: {0}")]
    Jws(JwsFault),
    /// Its `htm` is another method.
    #[error("the proof is for another method")]
    Method,
    /// Its `htu` is another address.
    #[error("the proof is for another address")]
    Target,
    /// Its `ath` is that of another token.
    #[error("the proof is for another access token")]
    Token,
    /// It has not the nonce that the answer brings.
    #[error("the proof needs the nonce of this answer")]
    Nonce,
    /// Its `iat` is too long ago.
    #[error("the proof is too old")]
    Old,
    /// Its `iat` is to come.
    #[error("the proof was made in the future")]
    Early,
    /// Its `jti` was used before.
    #[error("the proof was used before")]
    Replayed,
}

impl ProofFault {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "proof_missing",
            Self::Twice => "proof_twice",
            Self::Malformed => "proof_malformed",
            Self::OtherKey => "proof_other_key",
            Self::Jws(_) => "proof_signature",
            Self::Method => "proof_method",
            Self::Target => "proof_target",
            Self::Token => "proof_token",
            Self::Nonce => "proof_nonce",
            Self::Old => "proof_old",
            Self::Early => "proof_early",
            Self::Replayed => "proof_replayed",
        }
    }
}

/// Proves that the sender of the request holds the key with that thumbprint, by RFC 9449 section 4.3; the nonce for the
/// next time, if it is another.
pub(crate) async fn prove(
    parts: &ResourceParts,
    request: &Parts,
    token: &Secret,
    thumbprint: &str,
) -> Result<Option<String>, Fault> {
    let proof = the_one(request)?;
    // What costs nothing comes first: a proof by another key is not worth a signature.
    let key = proof_key(proof).map_err(|_| ProofFault::Malformed)?;
    if key.thumbprint().as_deref() != Some(thumbprint) {
        return Err(ProofFault::OtherKey.into());
    }
    let keys = JwkSet { keys: vec![key] };
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&keys),
        algorithms: &parts.dpop.algorithms,
        types: &[TokenType::DpopProof],
        untyped: false,
    };
    let claims = match parts.verifier.verify(proof, rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(fault) => return Err(ProofFault::Jws(fault).into()),
    };
    let claims: ProofClaims =
        serde_json::from_value(Value::Object(claims)).map_err(|_| ProofFault::Malformed)?;
    if claims.htm != request.method.as_str() {
        return Err(ProofFault::Method.into());
    }
    let here = target_uri(&format!("{}{}", parts.base_url.trim_end_matches('/'), request.uri.path()));
    if target_uri(&claims.htu).ok().is_none_or(|htu| here.as_ref() != Ok(&htu)) {
        return Err(ProofFault::Target.into());
    }
    if claims.ath.as_deref() != Some(&*access_token_hash(token.expose())) {
        return Err(ProofFault::Token.into());
    }
    let now = parts.clock.now();
    // Before the time: a client whose clock is wrong gets the nonce by which ours is right.
    let next_nonce = match &parts.dpop.nonces {
        None => None,
        Some(nonces) => nonces.accept(claims.nonce.as_deref(), now)?,
    };
    if claims.iat > now.plus(parts.leeway) {
        return Err(ProofFault::Early.into());
    }
    let end = claims.iat.plus(parts.dpop.max_age).plus(parts.leeway);
    if end <= now {
        return Err(ProofFault::Old.into());
    }
    // Last of all, so that what is not good for other reasons uses nothing up.
    let used = Secret::new(format!("{thumbprint} {}", claims.jti));
    match parts.replays.claim(&TokenDigest::of(DigestKind::Proof, &used), end).await? {
        Claimed::First => Ok(next_nonce),
        Claimed::Again => Err(ProofFault::Replayed.into()),
    }
}

fn the_one(request: &Parts) -> Result<&str, ProofFault> {
    let mut proofs = request.headers.get_all("dpop").iter();
    let proof = proofs.next().ok_or(ProofFault::Missing)?;
    if proofs.next().is_some() {
        return Err(ProofFault::Twice);
    }
    proof.to_str().ok().filter(|proof| proof.len() <= MAX_PROOF_BYTES).ok_or(ProofFault::Malformed)
}

impl From<ProofFault> for Fault {
    fn from(fault: ProofFault) -> Self {
        Refusal::Proof(fault).into()
    }
}

/// With an RSA key of 4096 bits and its signature one has some 2,300.
const MAX_PROOF_BYTES: usize = 4096;
