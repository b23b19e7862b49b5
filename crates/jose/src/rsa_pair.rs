//! RSA key pairs: made, and completed from the members that every form of them has. ring signs with
//! RSA but neither makes a key nor works out a member that is missing, nor checks `d`, `dp` and `dq`;
//! RustCrypto's `rsa` does that, here and nowhere else.

use std::convert::Infallible;

use grantway_core::seam::Entropy;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, PrivateKey};
use zeroize::Zeroizing;

use crate::fault::KeyFault;

/// All members of RFC 8017 section 3.2, consistent with one another; big-endian, no leading zeros.
pub(crate) struct RsaPair {
    pub(crate) n: Vec<u8>,
    pub(crate) e: Vec<u8>,
    pub(crate) d: Zeroizing<Vec<u8>>,
    pub(crate) p: Zeroizing<Vec<u8>>,
    pub(crate) q: Zeroizing<Vec<u8>>,
    pub(crate) dp: Zeroizing<Vec<u8>>,
    pub(crate) dq: Zeroizing<Vec<u8>>,
    pub(crate) qi: Zeroizing<Vec<u8>>,
}

/// The members as somebody gave them. `n`, `e` and `d` are enough.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) n: &'a [u8],
    pub(crate) e: &'a [u8],
    pub(crate) d: &'a [u8],
    pub(crate) p: Option<&'a [u8]>,
    pub(crate) q: Option<&'a [u8]>,
    pub(crate) dp: Option<&'a [u8]>,
    pub(crate) dq: Option<&'a [u8]>,
    pub(crate) qi: Option<&'a [u8]>,
}

/// How large a new RSA key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RsaSize {
    /// As strong as a secret of 112 bits; good to 2030 (NIST SP 800-57 part 1).
    #[default]
    Bits2048,
    /// As strong as a secret of 128 bits, and three times as slow to sign.
    Bits3072,
    /// Seven times as slow to sign.
    Bits4096,
}

impl RsaSize {
    /// The length of the modulus.
    #[must_use]
    pub const fn bits(self) -> usize {
        match self {
            Self::Bits2048 => 2048,
            Self::Bits3072 => 3072,
            Self::Bits4096 => 4096,
        }
    }
}

/// May a key have this modulus and this exponent, each without leading zeros (RFC 7518 section 2)?
pub(crate) fn is_usable(n: &[u8], e: &[u8]) -> Result<(), KeyFault> {
    if n.first().is_none_or(|first| *first == 0) || e.first().is_none_or(|first| *first == 0) {
        return Err(KeyFault::malformed("n or e is empty or begins with a zero byte"));
    }
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    if !(2048..=8192).contains(&bits) {
        let words = format!("it is RSA of {bits} bits, and 2048 to 8192 are used");
        return Err(KeyFault::unsupported(words));
    }
    // What ring takes: odd, 3 or more, 33 bits or fewer.
    if e.len() > 5 || e.len() == 5 && e[0] > 1 || e == [1] || e[e.len() - 1] & 1 == 0 {
        return Err(KeyFault::unsupported("its public exponent is even, too small or too large"));
    }
    Ok(())
}

impl RsaPair {
    pub(crate) fn generate(size: RsaSize, entropy: &dyn Entropy) -> Result<Self, KeyFault> {
        let key = PrivateKey::new(&mut Drawn(entropy), size.bits()).map_err(|_| KeyFault::Generation)?;
        Self::of(&key).ok_or(KeyFault::Generation)
    }

    /// Works out what is missing, and finds what does not belong to the rest.
    pub(crate) fn complete(given: Given<'_>) -> Result<Self, KeyFault> {
        // Its size first: what follows takes long with a modulus that has no bound.
        is_usable(given.n, given.e)?;
        let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
        if [Some(given.d), given.p, given.q].into_iter().flatten().any(|secret| secret.len() > given.n.len())
        {
            return Err(KeyFault::malformed("d, p or q is longer than n"));
        }
        let primes = match (given.p, given.q) {
            (Some(p), Some(q)) => vec![number(p), number(q)],
            // Recovered from n, e and d (NIST SP 800-56B appendix C.2).
            (Some(_) | None, None) | (None, Some(_)) => Vec::new(),
        };
        let key = PrivateKey::from_components(number(given.n), number(given.e), number(given.d), primes)
            .map_err(|_| KeyFault::Inconsistent("n, e, d, p and q"))?;
        let pair = Self::of(&key).ok_or(KeyFault::Inconsistent("n, e, d, p and q"))?;
        pair.agrees_with(given)?;
        Ok(pair)
    }

    fn agrees_with(&self, given: Given<'_>) -> Result<(), KeyFault> {
        let Given { n: _, e: _, d: _, p, q, dp, dq, qi } = given;
        let same = |own: &[u8], given: Option<&[u8]>| given.is_none_or(|given| own == stripped(given));
        // Which prime is called p is open when they were recovered, and what follows from it with it.
        let (as_named, swapped) =
            (same(&self.p, p) && same(&self.q, q), same(&self.q, p) && same(&self.p, q));
        if !as_named && !swapped {
            return Err(KeyFault::Inconsistent("p or q is no factor of n"));
        }
        let (own_dp, own_dq) = if as_named { (&self.dp, &self.dq) } else { (&self.dq, &self.dp) };
        let neither_named = p.is_none() && q.is_none();
        if neither_named && (dp.is_some() || dq.is_some() || qi.is_some()) {
            return Err(KeyFault::malformed("dp, dq or qi stands without p and q"));
        }
        if !same(own_dp, dp) || !same(own_dq, dq) {
            return Err(KeyFault::Inconsistent("dp or dq does not follow from d, p and q"));
        }
        if as_named && !same(&self.qi, qi) {
            return Err(KeyFault::Inconsistent("qi does not follow from p and q"));
        }
        Ok(())
    }

    fn of(key: &PrivateKey) -> Option<Self> {
        let [p, q] = key.primes() else { return None };
        let qi = key.crt_coefficient()?;
        Some(Self {
            n: key.n_bytes().into_vec(),
            e: key.e_bytes().into_vec(),
            d: bytes(key.d()),
            p: bytes(p),
            q: bytes(q),
            dp: bytes(key.dp()?),
            dq: bytes(key.dq()?),
            qi: bytes(&qi),
        })
    }
}

fn bytes(number: &BoxedUint) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(number.to_be_bytes_trimmed_vartime().into_vec())
}

fn stripped(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// Our randomness in RustCrypto's shape.
struct Drawn<'a>(&'a dyn Entropy);

impl TryRng for Drawn<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}
