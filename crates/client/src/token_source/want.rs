//! What a caller wants of a token.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::time::Timestamp;
use grantway_core::token_set::TokenSet;

use super::error::TokenError;
use super::flight::Outcome;

/// What tokens have to be like.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    min_ttl: Duration,
    instead_of: Option<Arc<TokenSet>>,
}

impl Want {
    pub(crate) const fn lasting(min_ttl: Duration) -> Self {
        Self { min_ttl, instead_of: None }
    }

    pub(crate) const fn instead_of(tokens: Arc<TokenSet>) -> Self {
        Self { min_ttl: Duration::ZERO, instead_of: Some(tokens) }
    }

    pub(crate) fn is_met(&self, tokens: &TokenSet, now: Timestamp) -> bool {
        tokens.lives_at(now.plus(self.min_ttl))
            && self.instead_of.as_ref().is_none_or(|old| is_after(tokens, old))
    }

    /// Would a provider that gave these a moment ago give any that live long enough?
    pub(crate) fn is_hopeless(&self, tokens: &TokenSet) -> bool {
        self.instead_of.is_none() && !tokens.lives_at(tokens.issued_at.plus(self.min_ttl))
    }

    /// With the newest that there are, and they are not what was wanted.
    pub(crate) fn made_do_with(&self, tokens: Arc<TokenSet>, now: Timestamp) -> Outcome {
        let short = !tokens.lives_at(now.plus(self.min_ttl));
        if short { Err(self.too_short(&tokens, now)) } else { Ok(tokens) }
    }

    pub(crate) fn too_short(&self, tokens: &TokenSet, now: Timestamp) -> TokenError {
        let left = tokens.expires_at.map_or(0, |end| end.seconds_since(now));
        let left = Duration::from_secs(u64::try_from(left).unwrap_or(0));
        TokenError::TooShort { wanted: self.min_ttl, left }
    }
}

/// A provider may name the same access token again, with a later end.
fn is_after(tokens: &TokenSet, old: &TokenSet) -> bool {
    let other = !tokens.access_token.matches(old.access_token.expose()) || tokens.expires_at > old.expires_at;
    other && tokens.issued_at >= old.issued_at
}
