//! What a client lacks before it asks anybody.

use grantway_core::jws::JwsAlgorithm;

/// What is missing or wrong before anybody is asked. Trying again does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupFault {
    /// An address that is needed is not known.
    #[error("the provider's metadata names no {0}")]
    Missing(&'static str),
    /// An address cannot be asked.
    #[error("the {member} {address:?} is no address that can be asked")]
    Address {
        /// Which.
        member: &'static str,
        /// This.
        address: String,
    },
    /// The template has not one hole.
    #[error("an issuer template has one hole, as in https://login.example/{{tenantid}}/v2.0")]
    IssuerTemplate,
    /// The client says that by itself, and a parameter that is there twice is refused (RFC 6749 section 3.1).
    #[error("{0} is not to be given as a parameter: the sign-in has it already")]
    OwnParameter(String),
    /// Nothing would say whether the person has signed in so lately.
    #[error("max_age is looked at in the ID token, and there is none without the scope openid")]
    MaxAgeWithoutOpenid,
    /// Nobody listens where the person would come back.
    #[error("the person would come back to {wanted:?}, and {here:?} is where she is waited for")]
    ComesBackElsewhere {
        /// What was asked for.
        wanted: String,
        /// Where somebody listens.
        here: String,
    },
    /// A symmetric key, or none, cannot be shown to anybody.
    #[error("tokens are bound to a key pair, and the signer publishes none for {0}")]
    DpopKey(JwsAlgorithm),
    /// A token is bound to a key, and the client has none.
    #[error("the token is bound to a key, and the client has none: see Registration::with_dpop")]
    NoDpopKey,
    /// The client's secret is needed, and the client has none.
    #[error("{0} needs the client's secret, and the client has none")]
    NoSecret(&'static str),
    /// A name or a secret cannot stand in a header.
    #[error("the client's name and secret cannot stand in a header as they are")]
    Credentials,
    /// There is no refresh token.
    #[error("there is no refresh token; ask for offline access, and see whether the provider grants it")]
    NoRefreshToken,
    /// There are no tokens.
    #[error("no tokens are kept; send the person to the provider first")]
    NothingKept,
    /// A code can be spent once.
    #[error("the request spends what a person granted, and cannot be repeated")]
    NotRepeatable,
}
