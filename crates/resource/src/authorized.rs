//! Who may.

use std::fmt;
use std::sync::Arc;

use grantway_core::ids::ClientId;
use grantway_core::scope::ScopeSet;
use grantway_core::time::Timestamp;
use serde_json::{Map, Value};

use crate::resource::Resource;
use crate::scheme::Scheme;
use crate::token::Token;

/// The token of a request that was let in, as it lies in the request's extensions. Clones are cheap.
#[derive(Clone)]
pub struct Authorized {
    pub(crate) by: Resource,
    pub(crate) token: Arc<Token>,
    pub(crate) scheme: Scheme,
    /// What the next proof has to have in it, if that has changed.
    pub(crate) next_nonce: Option<String>,
}

impl Authorized {
    /// Who made the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.by.issuer_of(&self.token)
    }

    /// For whom it acts (`sub`). A name says nothing without its issuer. Every JWT has one; an issuer that was asked
    /// need not say it.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.token.subject.as_deref()
    }

    /// Which client acts. Every JWT has one; an issuer that was asked need not say it.
    #[must_use]
    pub fn client_id(&self) -> Option<&ClientId> {
        self.token.client_id.as_ref()
    }

    /// What the token opens.
    #[must_use]
    pub fn scope(&self) -> &ScopeSet {
        &self.token.scope
    }

    /// When it is over. Every JWT says so.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.token.expires_at
    }

    /// In which way it came.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// All that the token says, or its issuer of it.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.token.claims
    }
}

impl fmt::Debug for Authorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("issuer", &self.issuer())
            .field("subject", &self.subject())
            .field("client_id", &self.client_id())
            .field("scope", self.scope())
            .finish_non_exhaustive()
    }
}
