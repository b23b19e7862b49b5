//! What a client that is not let in is told: RFC 6750 section 3, RFC 9449 section 7.1, RFC 9470 section 3.

use std::fmt::Write;

use grantway_core::error::{ErrorCode, ProtocolError};
use http::header::{CACHE_CONTROL, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};

use crate::refusal::Refused;
use crate::require::Require;
use crate::resource::Resource;
use crate::scheme::Scheme;

/// Brings a nonce for the next proof (RFC 9449 section 8.2).
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The answer to a request that is not let in.
pub(crate) fn answer(resource: &Resource, require: &Require, refused: &Refused) -> Response<()> {
    let (status, error) = refused.why.on_the_wire();
    let mut answer = empty(status);
    for scheme in offered(resource, require, refused) {
        let mut challenge = Challenge::new(scheme, resource);
        let meant = refused.scheme.is_none_or(|used| used == scheme);
        if let Some(error) = error.filter(|_| meant) {
            challenge.error(error, refused);
        }
        challenge.requirements(require, error.filter(|_| meant));
        if let Ok(value) = HeaderValue::from_str(&challenge.text) {
            answer.headers_mut().append(WWW_AUTHENTICATE, value);
        }
    }
    let nonces = resource.0.parts.dpop.nonces.as_ref();
    if let (Some(ErrorCode::UseDpopNonce), Some(nonces)) = (error, nonces)
        && let Ok(nonce) = HeaderValue::from_str(&nonces.current(resource.0.parts.clock.now()))
    {
        answer.headers_mut().insert(DPOP_NONCE, nonce);
    }
    answer
}

/// The answer while it cannot be said whether a token is good.
pub(crate) fn unavailable() -> Response<()> {
    empty(StatusCode::SERVICE_UNAVAILABLE)
}

fn empty(status: StatusCode) -> Response<()> {
    let mut answer = Response::new(());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// In which ways the client may try again, the likelier first.
fn offered(resource: &Resource, require: &Require, refused: &Refused) -> Vec<Scheme> {
    let dpop = &resource.0.parts.dpop;
    let bearer = !dpop.required && !require.needs_proof() && refused.scheme != Some(Scheme::Dpop);
    // The way that it took is named with what was wrong.
    let bearer = bearer || refused.scheme == Some(Scheme::Bearer);
    let proof = !dpop.algorithms.is_empty();
    [(Scheme::Bearer, bearer), (Scheme::Dpop, proof)]
        .into_iter()
        .filter_map(|(scheme, offered)| offered.then_some(scheme))
        .collect()
}

/// One challenge (RFC 9110 section 11.6.1), as it is written.
struct Challenge {
    text: String,
}

impl Challenge {
    fn new(scheme: Scheme, resource: &Resource) -> Self {
        // RFC 6750 section 3: there has to be one parameter at least.
        let realm = resource.0.parts.resource.as_str();
        let mut challenge = Self { text: format!("{} realm=\"{realm}\"", scheme.as_str()) };
        if scheme == Scheme::Dpop {
            let algorithms = resource.0.parts.dpop.algorithms.iter();
            let names: Vec<_> = algorithms.map(|algorithm| algorithm.as_str()).collect();
            challenge.add("algs", &names.join(" "));
        }
        // RFC 9728 section 5.1.
        if resource.0.published.is_some() {
            challenge.add("resource_metadata", &resource.0.parts.resource.metadata_url());
        }
        challenge
    }

    fn error(&mut self, error: ErrorCode, refused: &Refused) {
        let ProtocolError { error, error_description } = ProtocolError::new(error, refused.why.to_string());
        self.add("error", error.as_str());
        self.add("error_description", &error_description);
    }

    /// What to ask the authorization server for.
    fn requirements(&mut self, require: &Require, error: Option<ErrorCode>) {
        if let Some(scope) = require.named_scope() {
            self.add("scope", &scope.to_string());
        }
        if error == Some(ErrorCode::InsufficientUserAuthentication) {
            if let Some(acr_values) = require.named_acr_values() {
                self.add("acr_values", &acr_values);
            }
            if let Some(max_age) = require.named_max_age() {
                self.add("max_age", &max_age.as_secs().to_string());
            }
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        // RFC 9110 section 5.6.4: a quoted string.
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        write!(self.text, ", {name}=\"{quoted}\"").expect("a string takes whatever is written to it");
    }
}
