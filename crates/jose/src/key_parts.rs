//! What keys are made of, whatever form they were read from.

use grantway_core::jws::JwsAlgorithm;
use ring::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

use crate::ec_curve::{EcCurve, EcPair};
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::rsa_pair::RsaPair;

pub(crate) enum PrivateParts {
    Ec(EcPair),
    Ed25519 { seed: Zeroizing<[u8; 32]>, public: [u8; 32] },
    Rsa(RsaPair),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PublicParts {
    /// On a curve of NIST: the point, uncompressed (SEC 1 section 2.3.3).
    Ec {
        curve: EcCurve,
        point: Vec<u8>,
    },
    Ed25519([u8; 32]),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl PrivateParts {
    /// The public key is worked out; the one that was given, if any, must be the same.
    pub(crate) fn of_seed(seed: Zeroizing<[u8; 32]>, given: Option<&[u8]>) -> Result<Self, KeyFault> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed)
            .map_err(|_| KeyFault::malformed("d is not 32 bytes long, as Ed25519 has it"))?;
        let own = pair.public_key().as_ref();
        if given.is_some_and(|given| given != own) {
            return Err(KeyFault::Inconsistent("x is not the public half of d"));
        }
        let public = own.try_into().map_err(|_| KeyFault::malformed("a public key has 32 bytes"))?;
        Ok(Self::Ed25519 { seed, public })
    }

    pub(crate) const fn kind(&self) -> KeyKind {
        match self {
            Self::Ec(pair) => pair.curve.kind(),
            Self::Ed25519 { .. } => KeyKind::Ed25519,
            Self::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// Are they of the kind that the algorithm needs?
    pub(crate) fn serves(&self, algorithm: JwsAlgorithm) -> Result<(), KeyFault> {
        let (found, needed) = (self.kind(), KeyKind::of(algorithm));
        if needed == Some(found) { Ok(()) } else { Err(KeyFault::Unfit { found, algorithm, needed }) }
    }
}
