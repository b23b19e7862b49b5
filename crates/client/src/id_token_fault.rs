//! Which rule an ID token breaks.

use grantway_core::failure::FailureClass;
use grantway_core::seam::JwsFault;

/// Which rule of OpenID Connect Core section 3.1.3.7 an ID token breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenFault {
    /// `openid` was asked for, and there is none.
    #[error("openid was asked for, and no ID token came")]
    Missing,
    /// It is not signed by whom it should be.
    #[error(transparent)]
    Signature(#[from] JwsFault),
    /// Its keys cannot be read, and what the person granted for it is spent.
    #[error("the keys cannot be read that would prove it ({0}), and what was granted for it is spent")]
    Unproved(String),
    /// A claim that has to be there is not, or is not what it has to be.
    #[error("a claim is missing or malformed: {0}")]
    Claims(String),
    /// Somebody else made it.
    #[error("its iss is {found:?} and not {expected:?}")]
    Issuer {
        /// Who was asked.
        expected: String,
        /// Who made it.
        found: String,
    },
    /// It is for somebody else.
    #[error("its aud does not name this client")]
    Audience,
    /// It is for several, and does not say that it was made for this client.
    #[error("its azp is not this client")]
    AuthorizedParty,
    /// It is over.
    #[error("it ended {0} seconds ago; if the provider's clock and ours differ, set them")]
    Expired(i64),
    /// It is not good yet.
    #[error("it was made {0} seconds in the future; if the provider's clock and ours differ, set them")]
    NotYet(i64),
    /// It belongs to another sign-in.
    #[error("its nonce is not that of this sign-in")]
    Nonce,
    /// The person signed in too long ago, or it does not say when.
    #[error("the person has not signed in as lately as was asked for")]
    AuthTime,
    /// It goes with another access token.
    #[error("its at_hash is not that of the access token beside it")]
    AccessTokenHash,
    /// It goes with another code.
    #[error("its c_hash is not that of the code")]
    CodeHash,
    /// A renewed one speaks of somebody else.
    #[error("it is about another person than the one before")]
    Subject,
}

impl IdTokenFault {
    /// Who has to do something, and what.
    #[must_use]
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Signature(JwsFault::KeysUnavailable(_)) => FailureClass::Transient,
            Self::Nonce | Self::AuthTime | Self::Subject | Self::Unproved(_) => FailureClass::Reauthorize,
            Self::Missing
            | Self::Issuer { .. }
            | Self::Audience
            | Self::AuthorizedParty
            | Self::Expired(_)
            | Self::NotYet(_)
            | Self::Signature(JwsFault::Algorithm | JwsFault::UnknownKey) => FailureClass::Config,
            Self::Signature(
                JwsFault::Malformed | JwsFault::Type | JwsFault::Critical | JwsFault::Signature,
            )
            | Self::Claims(_)
            | Self::AccessTokenHash
            | Self::CodeHash => FailureClass::Quirk,
        }
    }
}
