//! What does not go together is said before anybody is let in.

use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{Fetch, FetchRequest, Fetched, SeamError};
use grantway_core::secret::Secret;

use super::{ISSUER, Scene, keys};
use crate::{Require, Resource, ResourceParts, SetupFault, TokenProof, TrustedIssuer};

type Change<'a> = &'a dyn Fn(&mut ResourceParts);

#[test]
fn parts_that_contradict_one_another_are_refused_in_words() {
    let asked = |name: &str| TrustedIssuer::introspected(name, Scene::new().desk);
    let algorithms = |parts: &mut ResourceParts, algorithms: &[JwsAlgorithm]| {
        let TokenProof::Signature(rules) = &mut parts.issuers[0].proof else { unreachable!() };
        rules.algorithms = algorithms.to_vec();
    };
    let issuer = ISSUER.to_owned();
    let change: [(Change<'_>, SetupFault); 12] = [
        (&|parts| parts.issuers.clear(), SetupFault::NoIssuer),
        (
            &|parts| parts.issuers.push(TrustedIssuer::with_keys(ISSUER, keys("other"))),
            SetupFault::IssuerTwice(issuer.clone()),
        ),
        (
            &|parts| parts.issuers.extend([asked("https://a.test"), asked("https://b.test")]),
            SetupFault::TwoToAsk,
        ),
        (
            &|parts| parts.issuers = vec![TrustedIssuer::discovered(ISSUER)],
            SetupFault::NoFetch(issuer.clone()),
        ),
        (
            &|parts| {
                parts.fetch = Some(Arc::new(Nobody));
                parts.issuers = vec![TrustedIssuer::discovered("http://op.test")];
            },
            SetupFault::Issuer("http://op.test".to_owned()),
        ),
        (&|parts| algorithms(parts, &[]), SetupFault::Algorithms(issuer.clone())),
        (
            &|parts| algorithms(parts, &[JwsAlgorithm::ES256, JwsAlgorithm::HS256]),
            SetupFault::Algorithms(issuer.clone()),
        ),
        (
            &|parts| {
                let secret = Secret::new("x");
                parts.issuers = vec![TrustedIssuer::with_secret(ISSUER, secret, JwsAlgorithm::RS256)];
            },
            SetupFault::Algorithms(issuer),
        ),
        (&|parts| parts.dpop.algorithms.push(JwsAlgorithm::HS256), SetupFault::ProofAlgorithm),
        (
            &|parts| {
                parts.dpop.required = true;
                parts.dpop.algorithms.clear();
            },
            SetupFault::NoProofAlgorithm,
        ),
        (&|parts| parts.base_url = "api".to_owned(), SetupFault::BaseUrl),
        (
            &|parts| {
                let mut description = parts.description();
                description.resource.push('/');
                parts.metadata = Some(description);
            },
            SetupFault::OtherResource,
        ),
    ];
    for (change, fault) in change {
        let scene = Scene::new().with(change);
        assert_eq!(Resource::new(scene.parts).err(), Some(fault));
    }
}

/// Is never asked.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Fetch for Nobody {
    async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
        unreachable!("{}", request.url)
    }
}

#[test]
fn what_asks_for_no_scope_says_so() {
    assert!(Require::scope("").is_err());
    assert!(Require::scope("admin").unwrap().or_scope("").is_err());
}
