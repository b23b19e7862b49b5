//! Why a client did not get what it wanted, sorted by who has to do something about it.

use grantway_core::failure::FailureClass;
use grantway_core::seam::{FetchFault, SeamError, SeamErrorKind};
use grantway_core::secret::Secret;

use crate::callback::CallbackFault;
use crate::id_token_fault::IdTokenFault;
use crate::reply::{ErrorReply, NoTokens, UnreadableReply};
use crate::setup_fault::SetupFault;

/// Why a client did not get what it wanted. [`class`](Self::class) says what can be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The client, or what is known of its provider, is not set up for this.
    #[error(transparent)]
    Setup(#[from] SetupFault),
    /// The provider did not answer, or was not asked.
    #[error("the provider cannot be reached: {0}")]
    Unreached(FetchFault),
    /// The provider refused.
    #[error("the provider refused: {reply}")]
    Refused {
        /// What it said.
        reply: Box<ErrorReply>,
        /// Did the request spend something that a person had granted?
        spent_grant: bool,
    },
    /// The provider answered something that is no answer.
    #[error("the provider's answer cannot be read: {0}")]
    Unreadable(Box<UnreadableReply>),
    /// What came back from the person's browser is not what was waited for.
    #[error(transparent)]
    Callback(#[from] CallbackFault),
    /// The ID token is not to be believed.
    #[error("the ID token is not to be believed: {0}")]
    IdToken(IdTokenFault),
    /// The answer to a renewal was lost on its way, and the second attempt, with the same refresh token, failed.
    #[error("the answer to a renewal was lost ({lost}), and the second attempt failed: {then}")]
    AfterLostAnswer {
        /// What became of the first.
        lost: FetchFault,
        /// What came of the second.
        then: Box<ClientError>,
    },
    /// A part that the client depends on broke down.
    #[error(transparent)]
    Seam(#[from] SeamError),
}

// What these say is said whole by the error itself: a chain of sources would say it twice.
impl From<FetchFault> for ClientError {
    fn from(fault: FetchFault) -> Self {
        Self::Unreached(fault)
    }
}

impl From<UnreadableReply> for ClientError {
    fn from(reply: UnreadableReply) -> Self {
        Self::Unreadable(Box::new(reply))
    }
}

impl From<IdTokenFault> for ClientError {
    fn from(fault: IdTokenFault) -> Self {
        Self::IdToken(fault)
    }
}

impl ClientError {
    /// Who has to do something, and what.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Setup(SetupFault::NoRefreshToken | SetupFault::NothingKept) => FailureClass::Reauthorize,
            Self::Setup(_) => FailureClass::Config,
            Self::Unreached(fault) => FailureClass::of_fetch(fault.kind),
            Self::Refused { reply, spent_grant } => reply.class(*spent_grant),
            Self::Unreadable(reply) => reply.class(),
            Self::Callback(fault) => fault.class(),
            Self::IdToken(fault) => fault.class(),
            Self::AfterLostAnswer { then, .. } => then.class(),
            Self::Seam(broken) => match broken.kind {
                SeamErrorKind::Unavailable => FailureClass::Transient,
                SeamErrorKind::Broken => FailureClass::Config,
            },
        }
    }

    /// The same with nothing of those in what the provider said.
    pub(crate) fn without(mut self, secrets: &[Secret]) -> Self {
        match &mut self {
            Self::Refused { reply, .. } => reply.conceal(secrets),
            Self::Unreadable(reply) => reply.conceal(secrets),
            Self::Setup(_)
            | Self::Unreached(_)
            | Self::Callback(_)
            | Self::IdToken(_)
            | Self::AfterLostAnswer { .. }
            | Self::Seam(_) => {}
        }
        self
    }

    pub(crate) fn no_tokens(why: NoTokens, spent_grant: bool) -> Self {
        match why {
            NoTokens::Refused(reply) => Self::Refused { reply, spent_grant },
            NoTokens::Unreadable(reply) => Self::Unreadable(reply),
        }
    }

    /// The word of the standard that the provider gave, if it gave one.
    #[must_use]
    pub fn oauth_error(&self) -> Option<&str> {
        match self {
            Self::Refused { reply, .. } => reply.error.as_deref(),
            Self::Callback(CallbackFault::Refused { error, .. }) => Some(error),
            Self::AfterLostAnswer { then, .. } => then.oauth_error(),
            Self::Setup(_)
            | Self::Unreached(_)
            | Self::Unreadable(_)
            | Self::Callback(_)
            | Self::IdToken(_)
            | Self::Seam(_) => None,
        }
    }
}
