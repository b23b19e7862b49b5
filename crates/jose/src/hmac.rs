//! Compact JWS by HMAC, whose key both sides hold (RFC 7518 section 3.2).

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{HashFunction, JwsAlgorithm, TokenType};
use grantway_core::seam::{JwsFault, SeamError, Signer, ToSign, Verification};
use grantway_core::secret::Secret;
use ring::hmac;
use serde_json::{Map, Value};

use crate::jws::{self, Compact, Header};

/// A secret that both sides hold, ready for one algorithm. Its `Debug` names the algorithm and shows nothing else.
///
/// For more than one token: making it ready costs almost half as much as signing.
///
/// ```
/// use grantway_core::jws::{JwsAlgorithm, TokenType};
/// use grantway_core::seam::Verification;
/// use grantway_jose::hmac::{SecretFault, SharedKey};
///
/// let key = SharedKey::new(JwsAlgorithm::HS384, &[7; 48])?;
/// let token = key.sign(TokenType::Jwt, br#"{"sub":"ada"}"#);
/// let told = key.verify(token.expose());
/// assert!(matches!(told, Verification::Valid(claims) if claims["sub"] == "ada"));
/// # Ok::<(), SecretFault>(())
/// ```
pub struct SharedKey {
    key: hmac::Key,
    algorithm: JwsAlgorithm,
    headers: Headers,
}

impl SharedKey {
    /// Binds a secret to the algorithm it is used with: it must be as long as the hash.
    pub fn new(algorithm: JwsAlgorithm, secret: &[u8]) -> Result<Self, SecretFault> {
        if !algorithm.is_symmetric() {
            return Err(SecretFault::Asymmetric(algorithm));
        }
        if secret.len() < algorithm.hash().bytes() {
            return Err(SecretFault::Short { algorithm });
        }
        let (hash, headers) = match algorithm.hash() {
            HashFunction::Sha256 => (hmac::HMAC_SHA256, HS256),
            HashFunction::Sha384 => (hmac::HMAC_SHA384, HS384),
            HashFunction::Sha512 => (hmac::HMAC_SHA512, HS512),
        };
        Ok(Self { key: hmac::Key::new(hash, secret), algorithm, headers })
    }

    /// A compact JWS (RFC 7515 section 3.1) over `claims`, a JSON object.
    #[must_use]
    pub fn sign(&self, typ: TokenType, claims: &[u8]) -> Secret {
        let Ok(token) = jws::signed(self.headers.of(typ), claims, |message| {
            Ok::<_, Infallible>(hmac::sign(&self.key, message))
        });
        token
    }

    /// The claims of a token that was signed with this secret by this algorithm; `typ` is not looked at.
    #[must_use]
    pub fn verify(&self, token: &str) -> Verification {
        match self.verified(token) {
            Ok(claims) => Verification::Valid(claims),
            Err(fault) => Verification::Refused(fault),
        }
    }

    fn verified(&self, token: &str) -> Result<Map<String, Value>, JwsFault> {
        let compact = Compact::parse(token)?;
        // What is letter for letter our own says what we would have it say.
        if !self.headers.have(compact.header) {
            Header::read(compact.header)?.accept(&[self.algorithm])?;
        }
        self.believe(&compact)
    }

    pub(crate) fn believe(&self, compact: &Compact<'_>) -> Result<Map<String, Value>, JwsFault> {
        if self.is_tag(compact.message.as_bytes(), &compact.signature) {
            compact.claims()
        } else {
            Err(JwsFault::Signature)
        }
    }

    pub(crate) fn is_tag(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.key, message, tag).is_ok()
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedKey({})", self.algorithm)
    }
}

/// As they stand in tokens: they say nothing that differs from one secret to another.
#[derive(Clone, Copy)]
struct Headers {
    access_token: &'static str,
    proof: &'static str,
    jwt: &'static str,
}

impl Headers {
    const fn of(self, typ: TokenType) -> &'static str {
        match typ {
            TokenType::AccessToken => self.access_token,
            TokenType::DpopProof => self.proof,
            TokenType::Jwt => self.jwt,
        }
    }

    fn have(self, header: &str) -> bool {
        header == self.jwt || header == self.access_token
    }
}

/// [`SharedKey::sign`] for a secret that is used once.
pub fn sign(
    algorithm: JwsAlgorithm,
    secret: &[u8],
    typ: TokenType,
    claims: &[u8],
) -> Result<Secret, SecretFault> {
    Ok(SharedKey::new(algorithm, secret)?.sign(typ, claims))
}

/// [`SharedKey::verify`] for a secret that is used once.
pub fn verify(algorithm: JwsAlgorithm, secret: &[u8], token: &str) -> Result<Verification, SecretFault> {
    Ok(SharedKey::new(algorithm, secret)?.verify(token))
}

/// Why a secret is not used with an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// It has fewer bytes than the hash (RFC 7518 section 3.2 forbids that).
    #[error("a secret for {algorithm} has at least {} bytes", algorithm.hash().bytes())]
    Short {
        /// What it was to be used with.
        algorithm: JwsAlgorithm,
    },
    /// The algorithm takes a key pair.
    #[error("{0} takes a key pair and no secret")]
    Asymmetric(JwsAlgorithm),
}

/// A secret that a client and its provider hold: signs the client's assertions (`client_secret_jwt`).
#[derive(Clone, Debug)]
pub struct SharedSecret(Secret);

impl SharedSecret {
    /// Looks whether the secret is long enough when something is to be signed.
    #[must_use]
    pub const fn new(secret: Secret) -> Self {
        Self(secret)
    }
}

#[async_trait]
impl Signer for SharedSecret {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let ToSign { algorithm, typ, claims } = what;
        if typ == TokenType::DpopProof {
            return Err(SeamError::broken(
                "shared secret",
                "it cannot be shown, so its possession cannot be proved",
            ));
        }
        sign(algorithm, self.0.expose().as_bytes(), typ, claims)
            .map_err(|fault| SeamError::broken("shared secret", fault))
    }

    /// Nothing: a secret is published nowhere.
    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Ok(Arc::default())
    }
}

const HS256: Headers = Headers {
    access_token: "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9",
    proof: "eyJhbGciOiJIUzI1NiIsInR5cCI6ImRwb3Arand0In0",
    jwt: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
};
const HS384: Headers = Headers {
    access_token: "eyJhbGciOiJIUzM4NCIsInR5cCI6ImF0K2p3dCJ9",
    proof: "eyJhbGciOiJIUzM4NCIsInR5cCI6ImRwb3Arand0In0",
    jwt: "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9",
};
const HS512: Headers = Headers {
    access_token: "eyJhbGciOiJIUzUxMiIsInR5cCI6ImF0K2p3dCJ9",
    proof: "eyJhbGciOiJIUzUxMiIsInR5cCI6ImRwb3Arand0In0",
    jwt: "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9",
};

#[cfg(test)]
mod tests {
    use grantway_core::base64url;

    use super::*;

    /// RFC 7515 appendix A.1.1.
    const A1_KEY: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    const A1_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    /// RFC 7520 section 4.4; its payload is a sentence, so there are no claims to read.
    const COOKBOOK_KEY: &str = "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg";
    const COOKBOOK_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

    const SYMMETRIC: [JwsAlgorithm; 3] = [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512];

    fn told(verification: Verification) -> Result<Map<String, Value>, JwsFault> {
        match verification {
            Verification::Valid(claims) => Ok(claims),
            Verification::Refused(fault) => Err(fault),
        }
    }

    #[test]
    fn the_standards_examples_have_the_right_tag() {
        for (secret, token) in [(A1_KEY, A1_TOKEN), (COOKBOOK_KEY, COOKBOOK_TOKEN)] {
            let key = SharedKey::new(JwsAlgorithm::HS256, &base64url::decode(secret).unwrap()).unwrap();
            let compact = Compact::parse(token).unwrap();
            assert!(key.is_tag(compact.message.as_bytes(), &compact.signature));
        }
        let secret = base64url::decode(A1_KEY).unwrap();
        let claims = told(verify(JwsAlgorithm::HS256, &secret, A1_TOKEN).unwrap()).unwrap();
        assert_eq!(claims["iss"], "joe");
    }

    #[test]
    fn the_headers_are_what_would_be_written() {
        for (algorithm, headers) in SYMMETRIC.into_iter().zip([HS256, HS384, HS512]) {
            for typ in [TokenType::AccessToken, TokenType::Jwt] {
                assert_eq!(headers.of(typ), Header::written(algorithm, typ, None));
                assert!(headers.have(headers.of(typ)));
            }
        }
    }

    #[test]
    fn a_header_that_is_not_our_own_is_read() {
        let key = SharedKey::new(JwsAlgorithm::HS256, &[7; 32]).unwrap();
        for (header, told_then) in [
            (r#"{"typ":"JWT","alg":"HS256"}"#, Ok(())),
            (r#"{"alg":"HS256","kid":"any"}"#, Ok(())),
            (r#"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#, Err(JwsFault::Critical)),
            (r#"{"alg":"HS384","typ":"JWT"}"#, Err(JwsFault::Algorithm)),
            (r#"{"alg":"none"}"#, Err(JwsFault::Algorithm)),
            (r#"{"alg":"HS256","alg":"HS256"}"#, Err(JwsFault::Malformed)),
        ] {
            let Ok(token) = jws::signed(&base64url::encode(header), b"{}", |message| {
                Ok::<_, Infallible>(hmac::sign(&key.key, message))
            });
            assert_eq!(told(key.verify(token.expose())).map(|_| ()), told_then, "{header}");
        }
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let key = SharedKey::new(JwsAlgorithm::HS256, &[7; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "SharedKey(HS256)");
    }

    #[test]
    fn another_secret_and_a_changed_token_are_refused() {
        let secret = base64url::decode(A1_KEY).unwrap();
        let changed = A1_TOKEN.replace(".dB", ".dC");
        for (secret, token) in [(&[1; 32][..], A1_TOKEN), (&secret, &changed)] {
            let refused = told(verify(JwsAlgorithm::HS256, secret, token).unwrap());
            assert_eq!(refused, Err(JwsFault::Signature));
        }
    }

    #[tokio::test]
    async fn a_shared_secret_signs_by_hmac_and_by_nothing_else() {
        let secret = SharedSecret::new(Secret::new("x".repeat(32)));
        let what = |algorithm| ToSign { algorithm, typ: TokenType::Jwt, claims: b"{}" };
        let token = secret.sign(what(JwsAlgorithm::HS256)).await.unwrap();
        assert!(
            told(verify(JwsAlgorithm::HS256, "x".repeat(32).as_bytes(), token.expose()).unwrap()).is_ok()
        );
        assert!(secret.sign(what(JwsAlgorithm::HS512)).await.is_err(), "too short");
        assert!(secret.sign(what(JwsAlgorithm::ES256)).await.is_err());
        assert!(secret.published().await.unwrap().keys.is_empty());
    }

    #[test]
    fn what_is_signed_verifies_by_the_same_algorithm_alone() {
        for algorithm in SYMMETRIC {
            let token = sign(algorithm, &[7; 64], TokenType::Jwt, br#"{"a":1}"#).unwrap();
            for reader in SYMMETRIC {
                let read = told(verify(reader, &[7; 64], token.expose()).unwrap());
                assert_eq!(read.is_ok(), reader == algorithm, "{algorithm} read as {reader}");
            }
        }
    }

    #[test]
    fn a_secret_shorter_than_the_hash_and_an_algorithm_without_one_are_refused() {
        for (algorithm, bytes) in [(SYMMETRIC[0], 32), (SYMMETRIC[1], 48), (SYMMETRIC[2], 64)] {
            let signed = |length: usize| sign(algorithm, &vec![1; length], TokenType::Jwt, b"{}");
            assert!(signed(bytes).is_ok(), "{algorithm}");
            assert_eq!(signed(bytes - 1).unwrap_err(), SecretFault::Short { algorithm });
        }
        for algorithm in JwsAlgorithm::ASYMMETRIC {
            let refused = verify(algorithm, &[1; 64], A1_TOKEN).unwrap_err();
            assert_eq!(refused, SecretFault::Asymmetric(algorithm));
        }
    }
}
