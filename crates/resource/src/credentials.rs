//! The token that a request brings.

use grantway_core::http::{bearer_token, dpop_token};
use grantway_core::secret::Secret;
use http::request::Parts;

use crate::refusal::Refusal;
use crate::scheme::Scheme;

pub(crate) struct Presented {
    pub(crate) scheme: Scheme,
    pub(crate) token: Secret,
}

impl Presented {
    /// The one token of a request. Of the ways of RFC 6750 section 2 the header alone is accepted: addresses are kept
    /// in histories and logs, and bodies are for whoever stands behind us.
    pub(crate) fn of(request: &Parts) -> Result<Self, Refusal> {
        let names = request.uri.query().into_iter().flat_map(|query| query.split('&'));
        if names.map(|pair| pair.split('=').next()).any(|name| name == Some("access_token")) {
            return Err(Refusal::InAddress);
        }
        if let Some(token) = bearer_token(&request.headers).map_err(|_| Refusal::Header)? {
            return Ok(Self { scheme: Scheme::Bearer, token });
        }
        match dpop_token(&request.headers).map_err(|_| Refusal::Header)? {
            Some(token) => Ok(Self { scheme: Scheme::Dpop, token }),
            None => Err(Refusal::NoToken),
        }
    }
}
