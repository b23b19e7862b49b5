//! What is wrong with a proof of possession.

use grantway_core::seam::JwsFault;

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
