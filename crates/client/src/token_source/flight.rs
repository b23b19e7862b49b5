//! A renewal under way, and what it comes to.

use std::sync::Arc;

use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use tokio::sync::watch;

use super::error::TokenError;
use crate::reply::Tolerance;

/// What everyone who waits is told.
pub(crate) type Outcome = Result<Arc<TokenSet>, TokenError>;

/// A renewal under way.
pub(crate) type Flight = watch::Receiver<Option<Outcome>>;

/// What came of it.
pub(crate) async fn landed(mut flight: Flight) -> Outcome {
    match flight.wait_for(Option::is_some).await {
        Ok(outcome) => outcome.clone().unwrap_or(Err(TokenError::Abandoned)),
        Err(_) => Err(TokenError::Abandoned),
    }
}

/// What a renewal that went well came to.
#[derive(Debug)]
pub(crate) struct Flown {
    pub(crate) tokens: TokenSet,
    /// They could not be saved, and nothing is lost if they never are.
    pub(crate) trouble: Option<TokenError>,
    /// What was odd about the reply that brought them; none if another process brought them.
    pub(crate) tolerances: Vec<Tolerance>,
}

/// Why a renewal did not go well.
#[derive(Debug)]
pub(crate) enum Fault {
    /// For a reason that is known already; nobody was asked.
    Known(TokenError),
    /// Just now.
    New { error: TokenError, refused: Option<Secret> },
}

impl From<TokenSet> for Flown {
    fn from(tokens: TokenSet) -> Self {
        Self { tokens, trouble: None, tolerances: Vec::new() }
    }
}

impl<E: Into<TokenError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::New { error: error.into(), refused: None }
    }
}
