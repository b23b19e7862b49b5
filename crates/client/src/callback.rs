//! What the person's browser brings back: RFC 6749 section 4.1.2, RFC 9207.

use grantway_core::failure::FailureClass;
use grantway_core::http::{Form, FormFault};
use grantway_core::secret::Secret;

use crate::pending::PendingSignIn;
use crate::provider::Provider;

/// What came back, and belongs to the sign-in that was begun.
#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) code: Secret,
    /// What else the provider sent along: a tenant, an address of an API.
    pub(crate) others: Vec<(String, String)>,
}

/// Why what came back is not what was waited for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackFault {
    /// It is no query and no form.
    #[error("what came back is not well-formed: {0}")]
    Malformed(#[from] FormFault),
    /// It belongs to no sign-in that was begun here, or to another one.
    #[error("the state that came back is not that of this sign-in")]
    State,
    /// It comes from another provider than the one that was asked: a mix-up (RFC 9207 section 2.4).
    #[error("the answer comes from {}, and the question went to {expected:?}", whom(.found))]
    Issuer {
        /// Where the question went.
        expected: String,
        /// Who says to have answered; empty if nobody does, and the provider promised that it would.
        found: String,
    },
    /// The person or the provider said no.
    #[error("the provider answered {error}{}", .description.as_ref().map(|words| format!(": {words}")).unwrap_or_default())]
    Refused {
        /// The word of the standard.
        error: String,
        /// What it said to that; for an operator.
        description: Option<String>,
    },
    /// There is neither a code nor an error.
    #[error("what came back has neither a code nor an error")]
    NoCode,
    /// Nobody came back in time.
    #[error("nobody came back in time")]
    TimedOut,
}

impl CallbackFault {
    /// Who has to do something, and what.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Refused { error, .. } => {
                FailureClass::of_error(error, true).unwrap_or(FailureClass::Config)
            }
            Self::Malformed(_) | Self::State | Self::TimedOut => FailureClass::Reauthorize,
            Self::Issuer { .. } | Self::NoCode => FailureClass::Config,
        }
    }
}

impl Callback {
    /// Reads the query of the redirect, or the body of a form that was posted.
    pub(crate) fn read(
        query: &str,
        pending: &PendingSignIn,
        provider: &Provider,
    ) -> Result<Self, CallbackFault> {
        begun_with(pending, provider)?;
        let form = Form::parse(query.trim_start_matches('?').as_bytes())?;
        // Before anything else: an answer to another question means nothing, not even if it is an error.
        if !form.one("state")?.is_some_and(|state| pending.state.matches(state)) {
            return Err(CallbackFault::State);
        }
        issuer(form.one("iss")?, pending, provider)?;
        if let Some(error) = form.one("error")? {
            let description = form.one("error_description")?.map(|words| words.chars().take(500).collect());
            return Err(CallbackFault::Refused { error: error.chars().take(100).collect(), description });
        }
        let code = Secret::new(form.one("code")?.ok_or(CallbackFault::NoCode)?);
        let known = ["code", "state", "iss", "scope", "session_state"];
        let others = form.pairs().filter(|(name, _)| !known.contains(name));
        Ok(Self { code, others: others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
    }
}

fn whom(issuer: &str) -> String {
    if issuer.is_empty() { "somebody who does not say who he is".to_owned() } else { format!("{issuer:?}") }
}

/// An application that takes the client by an address and the sign-in by a cookie would else give one provider's code to
/// another (RFC 9700 section 4.4).
fn begun_with(pending: &PendingSignIn, provider: &Provider) -> Result<(), CallbackFault> {
    let endpoint = provider.metadata.authorization_endpoint.as_deref();
    let same =
        pending.issuer.as_deref() == provider.issuer() && Some(&*pending.authorization_endpoint) == endpoint;
    if same {
        return Ok(());
    }
    let name =
        |issuer: Option<&str>, endpoint: Option<&str>| issuer.or(endpoint).unwrap_or_default().to_owned();
    Err(CallbackFault::Issuer {
        expected: name(pending.issuer.as_deref(), Some(&pending.authorization_endpoint)),
        found: name(provider.issuer(), endpoint),
    })
}

fn issuer(found: Option<&str>, pending: &PendingSignIn, provider: &Provider) -> Result<(), CallbackFault> {
    let Some(expected) = &pending.issuer else { return Ok(()) };
    let wrong = |found: &str| CallbackFault::Issuer { expected: expected.clone(), found: found.to_owned() };
    match (found, &provider.issuer_template) {
        (Some(found), _) if found == expected => Ok(()),
        (Some(found), Some(template)) if template.fits(found) => Ok(()),
        (Some(found), _) => Err(wrong(found)),
        // RFC 9207 section 2.4: whoever says that it sends one and does not is somebody else.
        (None, _) if provider.metadata.authorization_response_iss_parameter_supported == Some(true) => {
            Err(wrong(""))
        }
        (None, _) => Ok(()),
    }
}
