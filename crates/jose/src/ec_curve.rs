//! The curves of NIST. ring signs and verifies on two of them, but neither says whether a point lies
//! on its curve before a signature is there, nor which point a private scalar stands for; RustCrypto's
//! `p256` and `p384` do that, here and nowhere else.

use grantway_core::seam::Entropy;
use p256::elliptic_curve::sec1::ToSec1Point;
use zeroize::Zeroizing;

use crate::es512::{self, Es512};
use crate::fault::KeyFault;
use crate::key_kind::KeyKind;

/// A curve that ECDSA is done on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EcCurve {
    P256,
    P384,
    P521,
}

impl EcCurve {
    pub(crate) const fn kind(self) -> KeyKind {
        match self {
            Self::P256 => KeyKind::P256,
            Self::P384 => KeyKind::P384,
            Self::P521 => KeyKind::P521,
        }
    }

    /// How long a coordinate is, and a private scalar.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Is this an uncompressed point (SEC 1 section 2.3.3) of the curve?
    pub(crate) fn has(self, point: &[u8]) -> bool {
        // Other lengths are those of a compressed point and of the point at infinity.
        point.len() == 1 + 2 * self.bytes()
            && match self {
                Self::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
                Self::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
                Self::P521 => es512::is_point(point),
            }
    }

    /// The uncompressed point that goes with a private scalar.
    pub(crate) fn point_of(self, scalar: &[u8]) -> Result<Vec<u8>, KeyFault> {
        if scalar.len() != self.bytes() {
            return Err(self.bad_length("d"));
        }
        let none = || KeyFault::malformed(format!("d is no scalar of {}", self.kind()));
        match self {
            Self::P256 => {
                let key = p256::SecretKey::from_slice(scalar).map_err(|_| none())?;
                Ok(key.public_key().to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P384 => {
                let key = p384::SecretKey::from_slice(scalar).map_err(|_| none())?;
                Ok(key.public_key().to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P521 => Es512::from_scalar(scalar).map(|key| key.public_point()),
        }
    }

    /// RFC 7518 section 6.2.1.2: a coordinate is as long as the curve's field, and so is `d`.
    pub(crate) fn bad_length(self, member: &str) -> KeyFault {
        KeyFault::malformed(format!("{member} is not {} bytes long, as {} has it", self.bytes(), self.kind()))
    }
}

/// A private scalar and the point it stands for.
pub(crate) struct EcPair {
    pub(crate) curve: EcCurve,
    pub(crate) scalar: Zeroizing<Vec<u8>>,
    pub(crate) point: Vec<u8>,
}

impl EcPair {
    /// The point is worked out; the one that was given, if any, must be the same.
    pub(crate) fn new(
        curve: EcCurve,
        scalar: Zeroizing<Vec<u8>>,
        given: Option<&[u8]>,
    ) -> Result<Self, KeyFault> {
        let point = curve.point_of(&scalar)?;
        if given.is_some_and(|given| given != point) {
            return Err(KeyFault::Inconsistent("x and y are not the public half of d"));
        }
        Ok(Self { curve, scalar, point })
    }

    pub(crate) fn generate(curve: EcCurve, entropy: &dyn Entropy) -> Self {
        let mut scalar = Zeroizing::new(vec![0; curve.bytes()]);
        loop {
            entropy.fill(&mut scalar);
            // FIPS 186-5 A.2.2: drawn again until it is below the order; that of P-521 has one bit in
            // its first byte.
            if curve == EcCurve::P521 {
                scalar[0] &= 1;
            }
            if let Ok(point) = curve.point_of(&scalar) {
                return Self { curve, scalar, point };
            }
        }
    }
}
