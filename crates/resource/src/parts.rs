//! What a resource server needs from outside.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::audit::{Audit, NoAudit};
use grantway_core::dpop::target_uri;
use grantway_core::jwk::JwksUri;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::metadata::placements;
use grantway_core::protected_resource::{ProtectedResourceMetadata, ResourceIdentifier};
use grantway_core::seam::{Clock, Fetch, ReplayLedger, SystemClock, Verifier};

use crate::dpop_rules::DpopRules;
use crate::proof_memory::ProofMemory;
use crate::trust::{IssuerKeys, SignatureRules, TokenProof, TrustedIssuer};

/// What a [`Resource`](crate::Resource) accepts, and whom it asks. Make one with [`ResourceParts::new`], then replace
/// what should differ.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResourceParts {
    /// Its name, which tokens have in `aud`.
    pub resource: ResourceIdentifier,
    /// Whose tokens are good.
    pub issuers: Vec<TrustedIssuer>,
    /// Whether a token is over.
    pub clock: Arc<dyn Clock>,
    /// Whether a token is signed.
    pub verifier: Arc<dyn Verifier>,
    /// Asks issuers where their keys are. None by default, which will do if no issuer is to be asked.
    pub fetch: Option<Arc<dyn Fetch>>,
    /// Which proofs of possession were used before. A [`ProofMemory`] by default, which is good for one process: of
    /// several, each would let the same proof in once.
    pub replays: Arc<dyn ReplayLedger>,
    /// Told of every refusal: nobody by default, and the answer alone says why.
    pub audit: Arc<dyn Audit>,
    /// By how much the clocks of others may differ from ours: 30 seconds by default.
    pub leeway: Duration,
    /// Longer tokens are not looked at: 8 KiB by default, as much as servers take in one header.
    pub max_token_bytes: usize,
    /// How many tokens are remembered: 10,000 by default.
    pub remembered_tokens: usize,
    /// What proofs of possession have to be.
    pub dpop: DpopRules,
    /// How clients address it, up to where the path of a request begins: the origin of its name by default. Proofs of
    /// possession are made for this address; `Host` decides nothing.
    pub base_url: String,
    /// What it says of itself. None by default: then nothing is published, and challenges name no metadata.
    /// [`ResourceParts::description`] is a beginning.
    pub metadata: Option<ProtectedResourceMetadata>,
}

impl ResourceParts {
    /// With every setting as it should be and the clock of the machine.
    pub fn new(
        resource: ResourceIdentifier,
        issuers: Vec<TrustedIssuer>,
        verifier: impl Verifier + 'static,
    ) -> Self {
        let base_url = resource.origin().to_owned();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            resource,
            issuers,
            verifier: Arc::new(verifier),
            fetch: None,
            replays: Arc::new(ProofMemory::new(Arc::clone(&clock))),
            clock,
            audit: Arc::new(NoAudit),
            leeway: Duration::from_secs(30),
            max_token_bytes: 8 * 1024,
            remembered_tokens: 10_000,
            dpop: DpopRules::default(),
            base_url,
            metadata: None,
        }
    }

    /// The same, and issuers can be asked where their keys are.
    #[must_use]
    pub fn fetching(self, fetch: impl Fetch + 'static) -> Self {
        Self { fetch: Some(Arc::new(fetch)), ..self }
    }

    /// The same by that clock, and with a [`ProofMemory`] that goes by it too.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { replays: Arc::new(ProofMemory::new(Arc::clone(&clock))), clock, ..self }
    }

    /// What can be said of the resource by what it accepts.
    #[must_use]
    pub fn description(&self) -> ProtectedResourceMetadata {
        ProtectedResourceMetadata {
            resource: self.resource.as_str().to_owned(),
            authorization_servers: self.issuers.iter().map(|trusted| trusted.issuer.clone()).collect(),
            bearer_methods_supported: vec!["header".to_owned()],
            dpop_signing_alg_values_supported: self.dpop.algorithms.clone(),
            dpop_bound_access_tokens_required: self.dpop.required.then_some(true),
            ..ProtectedResourceMetadata::default()
        }
    }

    /// Does it all go together?
    pub(crate) fn check(&self) -> Result<(), SetupFault> {
        if self.issuers.is_empty() {
            return Err(SetupFault::NoIssuer);
        }
        for (position, trusted) in self.issuers.iter().enumerate() {
            if self.issuers[..position].iter().any(|other| other.issuer == trusted.issuer) {
                return Err(SetupFault::IssuerTwice(trusted.issuer.clone()));
            }
            if let TokenProof::Signature(rules) = &trusted.proof {
                self.check_signature(&trusted.issuer, rules)?;
            }
        }
        let asked = self.issuers.iter().filter(|own| matches!(own.proof, TokenProof::Introspection(_)));
        if asked.count() > 1 {
            return Err(SetupFault::TwoToAsk);
        }
        if self.dpop.algorithms.iter().any(|algorithm| algorithm.is_symmetric()) {
            return Err(SetupFault::ProofAlgorithm);
        }
        if self.dpop.required && self.dpop.algorithms.is_empty() {
            return Err(SetupFault::NoProofAlgorithm);
        }
        if target_uri(&self.base_url).is_err() {
            return Err(SetupFault::BaseUrl);
        }
        // RFC 9728 section 3.3: whoever reads it compares.
        if self.metadata.as_ref().is_some_and(|document| document.resource != self.resource.as_str()) {
            return Err(SetupFault::OtherResource);
        }
        Ok(())
    }

    fn check_signature(&self, issuer: &str, rules: &SignatureRules) -> Result<(), SetupFault> {
        let shared = matches!(rules.keys, IssuerKeys::Shared(_));
        let fits = |algorithm: &JwsAlgorithm| algorithm.is_symmetric() == shared;
        if rules.algorithms.is_empty() || !rules.algorithms.iter().all(fits) {
            return Err(SetupFault::Algorithms(issuer.to_owned()));
        }
        if matches!(rules.keys, IssuerKeys::Discovered) {
            if self.fetch.is_none() {
                return Err(SetupFault::NoFetch(issuer.to_owned()));
            }
            // Keys and what leads to them come over TLS alike.
            let places = placements(issuer).map_err(|_| SetupFault::Issuer(issuer.to_owned()))?;
            if !places.iter().all(|place| place.parse::<JwksUri>().is_ok()) {
                return Err(SetupFault::Issuer(issuer.to_owned()));
            }
        }
        Ok(())
    }
}

/// Why there is no resource server: somebody has to change its configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupFault {
    /// Nothing would be accepted.
    #[error("no issuer is trusted, so no token would be good")]
    NoIssuer,
    /// Which of the two was meant?
    #[error("the issuer {0} is there twice")]
    IssuerTwice(String),
    /// It cannot be asked.
    #[error(
        "the issuer {0} is not an https address without query and fragment, so nobody can ask it for its keys"
    )]
    Issuer(String),
    /// An opaque token does not say whose it is.
    #[error("two issuers are to be asked about tokens, and an opaque token does not say whose it is")]
    TwoToAsk,
    /// Nobody can ask.
    #[error("the keys of {0} are to be discovered, and there is no `fetch`")]
    NoFetch(String),
    /// A published key is no secret, and a secret is no key pair.
    #[error("the algorithms for tokens of {0} are none, or not those of its keys")]
    Algorithms(String),
    /// Whoever could check such a proof could make it.
    #[error("a proof of possession cannot be made by an algorithm with a shared secret")]
    ProofAlgorithm,
    /// Nothing would be accepted.
    #[error("proofs of possession are required, and no algorithm is accepted for them")]
    NoProofAlgorithm,
    /// It is none.
    #[error("`base_url` is not a URL")]
    BaseUrl,
    /// Whoever reads it would not believe it.
    #[error("the metadata is that of another resource")]
    OtherResource,
}
