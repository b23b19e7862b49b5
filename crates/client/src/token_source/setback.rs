//! A renewal that failed, and how long nobody tries again.

use std::time::Duration;

use grantway_core::failure::FailureClass;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_core::token_set::TokenSet;

use super::error::TokenError;

/// The last renewal failed.
#[derive(Debug)]
pub(crate) struct Setback {
    since: Timestamp,
    /// Nobody is asked before.
    until: Timestamp,
    pub(crate) error: TokenError,
    /// The provider refused this refresh token for good.
    refused: Option<Secret>,
}

impl Setback {
    pub(crate) fn new(now: Timestamp, error: TokenError, refused: Option<Secret>) -> Self {
        let until = match error.class() {
            // A provider that says "at once" was asked too often nevertheless.
            FailureClass::RateLimited { until: Some(until) } => until.max(now.plus(SHORT_PAUSE)),
            FailureClass::RateLimited { until: None }
            | FailureClass::Reauthorize
            | FailureClass::Config
            | FailureClass::Transient
            | FailureClass::Quirk => now.plus(PAUSE),
        };
        Self { since: now, until, error, refused }
    }

    /// Callers who have no token any more are not kept waiting for long by what may be over.
    pub(crate) fn shortened(self, end: Option<Timestamp>) -> Self {
        if self.error.class() != FailureClass::Transient {
            return self;
        }
        let shortest = self.since.plus(SHORT_PAUSE);
        Self { until: self.until.min(end.unwrap_or(shortest)).max(shortest), ..self }
    }

    /// The store has been looked at, and nothing is different.
    pub(crate) fn confirm(&mut self, now: Timestamp) {
        if self.refused.is_some() {
            self.until = now.plus(PAUSE);
        }
    }

    /// Would the provider say the same of these?
    pub(crate) fn stands(&self, kept: Option<&TokenSet>, now: Timestamp) -> bool {
        let Some(refused) = &self.refused else { return self.lasts_at(now) };
        let own = kept.and_then(|kept| kept.refresh_token.as_ref());
        own.is_some_and(|own| own.matches(refused.expose()))
    }

    /// A clock that was set back does not make it last longer.
    pub(crate) fn lasts_at(&self, now: Timestamp) -> bool {
        (self.since..self.until).contains(&now)
    }
}

pub(crate) const PAUSE: Duration = Duration::from_secs(10);
const SHORT_PAUSE: Duration = Duration::from_secs(1);
