//! A protected resource, and what it remembers.

use std::fmt;
use std::sync::Arc;

use grantway_core::seam::SeamError;

use crate::discover::Discovery;
use crate::parts::{ResourceParts, SetupFault};
use crate::protected_resource::Published;
use crate::refusal::Refusal;
use crate::remembered::Remembered;
use crate::token::Token;

/// A protected resource: knows whose tokens are good, and remembers some. Clones are the same one.
///
/// What is remembered of a token is what was proved of it alone: who made it, and what it says. What that is worth
/// here and now, its audience, its time, its binding and what the route asks, is judged for every request, so that no
/// answer for one question is ever given to another.
#[derive(Clone)]
pub struct Resource(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) parts: ResourceParts,
    pub(crate) published: Option<Published>,
    pub(crate) known: Remembered<Proved>,
    /// One for each issuer, in the same order.
    pub(crate) discoveries: Vec<Discovery>,
}

/// What was found out of a token.
#[derive(Clone)]
pub(crate) enum Proved {
    Token(Arc<Token>),
    Refused(Refusal),
    Broken(Arc<SeamError>),
}

impl Resource {
    /// Ready to judge, unless the parts contradict one another. Nobody is asked yet.
    pub fn new(parts: ResourceParts) -> Result<Self, SetupFault> {
        parts.check()?;
        let known = Remembered::new(parts.remembered_tokens, Arc::clone(&parts.clock));
        let discoveries = parts.issuers.iter().map(|_| Discovery::default()).collect();
        let published = parts.metadata.as_ref().map(|document| Published::new(&parts.resource, document));
        Ok(Self(Arc::new(Inner { parts, published, known, discoveries })))
    }

    pub(crate) fn issuer_of(&self, token: &Token) -> &str {
        &self.0.parts.issuers[token.issuer].issuer
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource").field("parts", &self.0.parts).finish_non_exhaustive()
    }
}
