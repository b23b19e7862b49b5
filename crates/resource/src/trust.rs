//! Whose tokens are good here, and how that is proved.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::jwk::{JwkSet, JwksUri};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::Introspection;
use grantway_core::secret::Secret;

/// An issuer whose tokens are accepted. Of several, a token's own `iss` chooses, among these alone, before any key is
/// looked up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TrustedIssuer {
    /// Its name, compared byte for byte.
    pub issuer: String,
    /// Of these a token has to name one in `aud`; if there are none, the resource's own name.
    pub audiences: Vec<String>,
    /// How a token is proved to be its own.
    pub proof: TokenProof,
}

/// How a token is proved to be an issuer's own.
#[derive(Clone, Debug)]
pub enum TokenProof {
    /// It is a JWT that the issuer signed.
    Signature(SignatureRules),
    /// The issuer says so, each time or nearly. One issuer of a resource may be asked, for an opaque token does not say
    /// whose it is, and is shown to nobody else.
    Introspection(IntrospectionRules),
}

/// What a signed token has to be.
#[derive(Clone, Debug)]
pub struct SignatureRules {
    /// What it may be signed with.
    pub keys: IssuerKeys,
    /// The algorithms it may be signed by: all but those with a shared secret, unless the keys are one.
    pub algorithms: Vec<JwsAlgorithm>,
    /// What it has to say of itself.
    pub profile: JwtProfile,
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug)]
pub enum IssuerKeys {
    /// Where its metadata says (RFC 8414, OpenID Connect Discovery).
    Discovered,
    /// There.
    At(JwksUri),
    /// Here.
    Set(JwkSet),
    /// A secret that both sides hold.
    Shared(Secret),
}

/// What a signed token has to say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtProfile {
    /// `at+jwt`, with every claim that RFC 9068 section 2.2 requires.
    Rfc9068,
    /// For issuers that do not know it: `typ` may also be `JWT` or absent, `iat` and `jti` absent, the client in `azp`,
    /// the scope in `scp`. An ID token looks much the same, so one without any scope, or with a claim that only ID
    /// tokens have (`nonce`, `at_hash`, `c_hash`, `s_hash`), is refused.
    Plain,
}

/// How an issuer is asked.
#[derive(Clone, Debug)]
pub struct IntrospectionRules {
    /// Who asks it.
    pub introspection: Arc<dyn Introspection>,
    /// For how long an answer may be believed, at most to the token's `exp`: 30 seconds by default. So long may a
    /// revoked token go on being good; with zero the issuer is asked for each request.
    pub max_age: Duration,
    /// May an answer name no `aud`? Only if the issuer answers this resource for no token but its own.
    pub without_audience: bool,
}

impl TrustedIssuer {
    /// One that says itself where its keys are. Asked at the first token.
    pub fn discovered(issuer: impl Into<String>) -> Self {
        Self::signing(issuer, IssuerKeys::Discovered)
    }

    /// One whose keys are published there.
    pub fn with_keys_at(issuer: impl Into<String>, jwks_uri: JwksUri) -> Self {
        Self::signing(issuer, IssuerKeys::At(jwks_uri))
    }

    /// One whose keys are known.
    pub fn with_keys(issuer: impl Into<String>, keys: JwkSet) -> Self {
        Self::signing(issuer, IssuerKeys::Set(keys))
    }

    /// One that holds the same secret, and by which algorithm it makes its MAC.
    pub fn with_secret(issuer: impl Into<String>, secret: Secret, algorithm: JwsAlgorithm) -> Self {
        let proof = TokenProof::Signature(SignatureRules {
            keys: IssuerKeys::Shared(secret),
            algorithms: vec![algorithm],
            profile: JwtProfile::Rfc9068,
        });
        Self { issuer: issuer.into(), audiences: Vec::new(), proof }
    }

    /// One that is asked about its tokens.
    pub fn introspected(issuer: impl Into<String>, introspection: Arc<dyn Introspection>) -> Self {
        let proof = TokenProof::Introspection(IntrospectionRules {
            introspection,
            max_age: Duration::from_secs(30),
            without_audience: false,
        });
        Self { issuer: issuer.into(), audiences: Vec::new(), proof }
    }

    /// The same, and its tokens may be for this audience.
    #[must_use]
    pub fn for_audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    fn signing(issuer: impl Into<String>, keys: IssuerKeys) -> Self {
        let algorithms = JwsAlgorithm::ASYMMETRIC.to_vec();
        let proof = TokenProof::Signature(SignatureRules { keys, algorithms, profile: JwtProfile::Rfc9068 });
        Self { issuer: issuer.into(), audiences: Vec::new(), proof }
    }
}
