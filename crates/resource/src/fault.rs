//! What ends the judging of a request early.

use grantway_core::seam::SeamError;

use crate::proof_fault::ProofFault;
use crate::refusal::{Refusal, Refused};
use crate::scheme::Scheme;
use crate::token::Token;

/// Why a request is not let in, or that it cannot be said.
pub(crate) enum Fault {
    Refused(Refused),
    Broken(SeamError),
}

impl Fault {
    /// It came in that way.
    pub(crate) fn by(self, scheme: Scheme) -> Self {
        match self {
            Self::Refused(refused) => Self::Refused(Refused { scheme: Some(scheme), ..refused }),
            Self::Broken(breakdown) => Self::Broken(breakdown),
        }
    }

    /// Its token is good, and whose it is.
    pub(crate) fn of(self, token: &Token, scheme: Scheme) -> Self {
        match self.by(scheme) {
            Self::Refused(refused) => {
                Self::Refused(Refused { client_id: token.client_id.clone(), ..refused })
            }
            Self::Broken(breakdown) => Self::Broken(breakdown),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(why: Refusal) -> Self {
        Self::Refused(Refused { why, scheme: None, client_id: None })
    }
}

impl From<SeamError> for Fault {
    fn from(breakdown: SeamError) -> Self {
        Self::Broken(breakdown)
    }
}

impl From<ProofFault> for Fault {
    fn from(fault: ProofFault) -> Self {
        Refusal::Proof(fault).into()
    }
}
