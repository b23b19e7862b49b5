//! The token that a request brings.

use grantway_core::http::{bearer_token, dpop_token};
use grantway_core::secret::Secret;
use http::request::Parts;

use crate::refusal::Refusal;

/// In which way a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Whoever bears it may use it (RFC 6750 section 2.1).
    Bearer,
    /// With a proof of possession (RFC 9449 section 7.1).
    Dpop,
}

impl Scheme {
    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

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
