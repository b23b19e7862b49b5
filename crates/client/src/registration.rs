//! Who the client is to its provider.

use std::sync::Arc;

use grantway_core::ids::ClientId;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::Signer;
use grantway_core::secret::Secret;

/// What a client and its provider agreed on when the client was registered.
///
/// ```
/// use grantway_client::{Authentication, Registration, Secret};
///
/// let native = Registration::public("desktop".parse()?);
/// let web = Registration::confidential("web".parse()?, Secret::new("sesame"));
/// let odd = Registration::new("odd".parse()?, Authentication::ClientSecretPost(Secret::new("sesame")));
/// # let _ = (native, web, odd);
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Registration {
    /// Its name.
    pub client_id: ClientId,
    /// How it proves that.
    pub authentication: Authentication,
    /// What its ID tokens are signed by (`id_token_signed_response_alg`); absent: whatever the provider's metadata
    /// lists that has a key pair, or RS256 if it lists nothing.
    pub id_token_alg: Option<JwsAlgorithm>,
    /// The key that its tokens are bound to (RFC 9449), if they are.
    pub dpop: Option<DpopKey>,
}

/// How a client proves who it is: RFC 6749 section 2.3, OpenID Connect Core section 9.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authentication {
    /// It does not: a public client.
    None,
    /// A secret, in the header or in the body as the provider's metadata has it: in the header if it says nothing
    /// (RFC 8414 section 2). It is never found out by trying, which would cost a code.
    ClientSecret(Secret),
    /// In the header, both halves form-encoded as RFC 6749 section 2.3.1 has it.
    ClientSecretBasic(Secret),
    /// In the header, not encoded: for providers that do not decode.
    ClientSecretBasicRaw(Secret),
    /// In the body.
    ClientSecretPost(Secret),
    /// A signed assertion: `private_key_jwt`, or with a symmetric algorithm `client_secret_jwt`.
    Assertion(AssertionKey),
}

/// What a client signs its assertions with (RFC 7523 section 3).
#[derive(Clone, Debug)]
pub struct AssertionKey {
    /// Signs.
    pub signer: Arc<dyn Signer>,
    /// By this.
    pub algorithm: JwsAlgorithm,
}

/// What a client proves possession of (RFC 9449).
#[derive(Clone, Debug)]
pub struct DpopKey {
    /// Signs.
    pub signer: Arc<dyn Signer>,
    /// By this, which has a key pair.
    pub algorithm: JwsAlgorithm,
}

impl Registration {
    /// A client that proves who it is.
    #[must_use]
    pub const fn new(client_id: ClientId, authentication: Authentication) -> Self {
        Self { client_id, authentication, id_token_alg: None, dpop: None }
    }

    /// A client that runs where it can keep no secret.
    #[must_use]
    pub const fn public(client_id: ClientId) -> Self {
        Self::new(client_id, Authentication::None)
    }

    /// A client with a secret, which is shown as the provider's metadata has it.
    #[must_use]
    pub const fn confidential(client_id: ClientId, secret: Secret) -> Self {
        Self::new(client_id, Authentication::ClientSecret(secret))
    }

    /// The same, and its tokens are bound to that key.
    #[must_use]
    pub fn with_dpop(self, signer: Arc<dyn Signer>, algorithm: JwsAlgorithm) -> Self {
        Self { dpop: Some(DpopKey { signer, algorithm }), ..self }
    }

    /// The same, and its ID tokens are signed by that.
    #[must_use]
    pub fn with_id_token_alg(self, algorithm: JwsAlgorithm) -> Self {
        Self { id_token_alg: Some(algorithm), ..self }
    }
}

impl Authentication {
    /// A key of the client's own, or with a symmetric algorithm the secret of both.
    pub fn assertion(signer: impl Signer + 'static, algorithm: JwsAlgorithm) -> Self {
        Self::Assertion(AssertionKey { signer: Arc::new(signer), algorithm })
    }

    /// The secret, if there is one.
    pub(crate) const fn secret(&self) -> Option<&Secret> {
        match self {
            Self::ClientSecret(secret)
            | Self::ClientSecretBasic(secret)
            | Self::ClientSecretBasicRaw(secret)
            | Self::ClientSecretPost(secret) => Some(secret),
            Self::None | Self::Assertion(_) => None,
        }
    }
}
