//! Keys in DER: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1), SEC 1 (RFC 5915) and SPKI (RFC 5280).

use pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use pkcs8::der::{self, Decode, Encode, Reader, SliceReader, Tag, Tagged};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfo};
use pkcs8::{PrivateKeyInfo, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use crate::ec_curve::{EcCurve, EcPair};
use crate::fault::KeyFault;
use crate::key_parts::{PrivateParts, PublicParts};
use crate::rsa_pair::{Given, RsaPair};

/// A private key in whichever of the three forms it has; they differ in what their first members are.
pub(crate) fn private_key(bytes: &[u8]) -> Result<PrivateParts, KeyFault> {
    let members = members(bytes).map_err(|_| KeyFault::malformed("it is neither JWK, PEM nor DER"))?;
    match members.as_slice() {
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => from_pkcs8(bytes),
        [Tag::Integer, Tag::OctetString, ..] => from_sec1(bytes, None).map(PrivateParts::Ec),
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] => from_pkcs1(bytes).map(PrivateParts::Rsa),
        [Tag::Sequence, Tag::OctetString] => Err(KeyFault::Encrypted),
        [Tag::Sequence, Tag::BitString] | [Tag::Integer, Tag::Integer] => {
            Err(KeyFault::NotPrivate("a public key"))
        }
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => Err(KeyFault::NotPrivate("a certificate")),
        _ => Err(KeyFault::malformed("it is none of PKCS#8, PKCS#1 and SEC 1")),
    }
}

/// As PKCS#8.
pub(crate) fn pkcs8(parts: &PrivateParts) -> Zeroizing<Vec<u8>> {
    let (algorithm, inner) = match parts {
        PrivateParts::Ec(pair) => (ec_algorithm(oid_of(pair.curve)), sec1_of(pair)),
        PrivateParts::Ed25519 { seed, .. } => {
            (AlgorithmIdentifierRef { oid: ED25519, parameters: None }, octets(seed.as_slice()).to_der())
        }
        PrivateParts::Rsa(pair) => (rsa_algorithm(), pkcs1_of(pair)),
    };
    let inner = Zeroizing::new(inner.expect(WRITABLE));
    let whole: PrivateKeyInfo<AnyRef<'_>, &OctetStringRef, BitStringRef<'_>> = PrivateKeyInfo {
        algorithm: AlgorithmIdentifierRef { oid: algorithm.oid, parameters: algorithm.parameters },
        private_key: octets(&inner),
        public_key: None,
    };
    Zeroizing::new(whole.to_der().expect(WRITABLE))
}

/// As SPKI.
pub(crate) fn spki(parts: &PublicParts) -> Vec<u8> {
    let (algorithm, key) = match parts {
        PublicParts::Ec { curve, point } => (ec_algorithm(oid_of(*curve)), point.clone()),
        PublicParts::Ed25519(x) => (AlgorithmIdentifierRef { oid: ED25519, parameters: None }, x.to_vec()),
        PublicParts::Rsa { n, e } => {
            let inner = pkcs1::RsaPublicKey { modulus: uint(n), public_exponent: uint(e) };
            (rsa_algorithm(), inner.to_der().expect(WRITABLE))
        }
    };
    let subject_public_key = BitStringRef::from_bytes(&key).expect(WRITABLE);
    SubjectPublicKeyInfo { algorithm, subject_public_key }.to_der().expect(WRITABLE)
}

fn from_pkcs8(bytes: &[u8]) -> Result<PrivateParts, KeyFault> {
    let whole =
        PrivateKeyInfoRef::from_der(bytes).map_err(|_| KeyFault::malformed("its PKCS#8 is damaged"))?;
    let inner = whole.private_key.as_bytes();
    match whole.algorithm.oid {
        EC => {
            let curve = whole.algorithm.parameters_oid();
            let curve = curve.map_err(|_| KeyFault::unsupported("its curve has no name"))?;
            from_sec1(inner, Some(curve)).map(PrivateParts::Ec)
        }
        RSA => from_pkcs1(inner).map(PrivateParts::Rsa),
        ED25519 => {
            // RFC 8410 section 7: the seed is an octet string of its own.
            let seed =
                <&OctetStringRef>::from_der(inner).ok().and_then(|seed| seed.as_bytes().try_into().ok());
            let seed = seed.ok_or_else(|| KeyFault::malformed("its seed is not 32 bytes long"))?;
            let given = whole.public_key.and_then(|public| public.as_bytes());
            PrivateParts::of_seed(Zeroizing::new(seed), given)
        }
        RSA_PSS => Err(KeyFault::unsupported(
            "it is RSA for PSS alone; write it with rsaEncryption as its algorithm",
        )),
        other => Err(KeyFault::unsupported(format!("its algorithm is {other}"))),
    }
}

/// `named` is what stands outside, in PKCS#8.
fn from_sec1(bytes: &[u8], named: Option<ObjectIdentifier>) -> Result<EcPair, KeyFault> {
    let whole = EcPrivateKey::from_der(bytes).map_err(|_| {
        KeyFault::malformed("its SEC 1 is damaged, or spells out its curve instead of naming it")
    })?;
    let own = whole.parameters.and_then(EcParameters::named_curve);
    if named.is_some() && own.is_some() && named != own {
        return Err(KeyFault::Inconsistent("it names two curves"));
    }
    let oid = named.or(own).ok_or_else(|| KeyFault::malformed("it does not name its curve"))?;
    let known =
        [EcCurve::P256, EcCurve::P384, EcCurve::P521].into_iter().find(|curve| *oid_of(*curve) == oid);
    let curve = known.ok_or_else(|| KeyFault::unsupported(format!("its curve is {oid}")))?;
    EcPair::new(curve, Zeroizing::new(whole.private_key.to_vec()), whole.public_key)
}

fn from_pkcs1(bytes: &[u8]) -> Result<RsaPair, KeyFault> {
    let damaged = |_| KeyFault::malformed("its PKCS#1 is damaged");
    let whole = pkcs1::RsaPrivateKeyRef::from_der(bytes).map_err(damaged)?;
    if whole.other_prime_infos.is_some() {
        return Err(KeyFault::unsupported("it is RSA of more than two primes"));
    }
    RsaPair::complete(Given {
        n: whole.modulus.as_bytes(),
        e: whole.public_exponent.as_bytes(),
        d: whole.private_exponent.as_bytes(),
        p: Some(whole.prime1.as_bytes()),
        q: Some(whole.prime2.as_bytes()),
        dp: Some(whole.exponent1.as_bytes()),
        dq: Some(whole.exponent2.as_bytes()),
        qi: Some(whole.coefficient.as_bytes()),
    })
}

fn sec1_of(pair: &EcPair) -> der::Result<Vec<u8>> {
    EcPrivateKey { private_key: &pair.scalar, parameters: None, public_key: Some(&pair.point) }.to_der()
}

fn pkcs1_of(pair: &RsaPair) -> der::Result<Vec<u8>> {
    let RsaPair { n, e, d, p, q, dp, dq, qi } = pair;
    pkcs1::RsaPrivateKey {
        modulus: uint(n),
        public_exponent: uint(e),
        private_exponent: uint(d),
        prime1: uint(p),
        prime2: uint(q),
        exponent1: uint(dp),
        exponent2: uint(dq),
        coefficient: uint(qi),
        other_prime_infos: None,
    }
    .to_der()
}

/// What kinds of members a sequence has, and that nothing follows it.
fn members(bytes: &[u8]) -> der::Result<Vec<Tag>> {
    let mut reader = SliceReader::new(bytes)?;
    let tags = reader.sequence(|inner: &mut SliceReader<'_>| {
        let mut tags = Vec::new();
        while !inner.is_finished() {
            tags.push(AnyRef::decode(inner)?.tag());
        }
        Ok::<_, der::Error>(tags)
    })?;
    reader.finish()?;
    Ok(tags)
}

/// RFC 5480 section 2.1.1.
fn ec_algorithm(curve: &'static ObjectIdentifier) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(curve)) }
}

/// RFC 3279 section 2.3.1: the parameters are there and NULL.
const fn rsa_algorithm() -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) }
}

fn oid_of(curve: EcCurve) -> &'static ObjectIdentifier {
    match curve {
        EcCurve::P256 => &P256,
        EcCurve::P384 => &P384,
        EcCurve::P521 => &P521,
    }
}

fn octets(bytes: &[u8]) -> &OctetStringRef {
    OctetStringRef::new(bytes).expect(WRITABLE)
}

fn uint(bytes: &[u8]) -> UintRef<'_> {
    UintRef::new(bytes).expect(WRITABLE)
}

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
static P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
static P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
static P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const WRITABLE: &str = "a key is far shorter than what DER can hold";
