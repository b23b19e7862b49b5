//! Why a token source has no token to give.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::failure::FailureClass;
use grantway_core::seam::SeamError;

use crate::error::ClientError;
use crate::setup_fault::SetupFault;

/// Why there is no fresh token. Everyone who waited for the same renewal is told the same.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The renewal failed, or the store did.
    #[error(transparent)]
    Client(Arc<ClientError>),
    /// The provider gave a token, and it does not live as long as the caller wants.
    #[error("the provider's newest token lives {left:?} more, and {wanted:?} are wanted")]
    TooShort {
        /// What the caller wants.
        wanted: Duration,
        /// What there is.
        left: Duration,
    },
    /// The renewal ended without a result: the runtime that it ran on was shut down, or a part of it panicked.
    #[error("the renewal ended before there was a result")]
    Abandoned,
}

impl TokenError {
    /// Who has to do something, and what.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Client(error) => error.class(),
            Self::TooShort { .. } => FailureClass::Config,
            Self::Abandoned => FailureClass::Transient,
        }
    }
}

impl From<ClientError> for TokenError {
    fn from(error: ClientError) -> Self {
        Self::Client(Arc::new(error))
    }
}

impl From<SetupFault> for TokenError {
    fn from(fault: SetupFault) -> Self {
        ClientError::from(fault).into()
    }
}

impl From<SeamError> for TokenError {
    fn from(broken: SeamError) -> Self {
        ClientError::from(broken).into()
    }
}
