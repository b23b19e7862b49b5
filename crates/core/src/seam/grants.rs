use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use super::SeamError;
use crate::grant::{CodeBinding, Grant, GrantTerms, RefreshLifetime, Refusal};
use crate::ids::{ClientId, GrantId, Subject};
use crate::pkce::CodeVerifier;
use crate::scope::ScopeSet;
use crate::secret::Secret;

/// Keeps what people allowed clients, from the code to the last refresh token.
///
/// This is protocol, not persistence: whoever implements it decides what is spent, swapped and
/// revoked. Asked by the server; implemented by store, over whatever rows a backend keeps.
/// Every answer is given only after what it promises is durable.
#[async_trait]
pub trait GrantLedger: Debug + Send + Sync {
    /// Opens a grant and returns its code (RFC 6749 section 4.1.2).
    async fn issue_code(&self, issue: IssueCode<'_>) -> Result<Secret, SeamError>;

    /// Spends a code, then compares: a code that fails a comparison has leaked and is not tried
    /// twice; a second presentation revokes what the first bought (RFC 6749 section 4.1.2).
    async fn redeem(&self, redeem: Redeem<'_>) -> Result<Redemption, SeamError>;

    /// Compares, then swaps a refresh token for its successor: a stranger cannot burn an honest
    /// client's token, and a replay outside the grace window revokes the grant
    /// (RFC 9700 section 4.14.2).
    async fn rotate(&self, rotate: Rotate<'_>) -> Result<Rotation, SeamError>;

    /// Does the grant still stand? Nothing is used up by looking.
    async fn look_up(&self, held: Held<'_>) -> Result<GrantStanding, SeamError>;

    /// Revokes the grant and with it everything it bought. Revoking what is gone is no error.
    async fn revoke(&self, grant: GrantId) -> Result<(), SeamError>;
}

/// Takes back at once what a person ever allowed: whoever had her password may have allowed it.
///
/// Asked by login; implemented by store beside [`GrantLedger`].
#[async_trait]
pub trait GrantRevocation: Debug + Send + Sync {
    /// Revokes every grant of that person, and says how many there were.
    async fn revoke_all(&self, subject: &Subject) -> Result<u64, SeamError>;

    /// The same for what she allowed one client.
    async fn revoke_of(&self, subject: &Subject, client: &ClientId) -> Result<u64, SeamError>;
}

/// A grant to be opened.
#[derive(Clone, Copy, Debug)]
pub struct IssueCode<'a> {
    /// What was allowed.
    pub terms: &'a GrantTerms,
    /// What the code is bound to.
    pub code: &'a CodeBinding,
}

/// A code as it was presented.
#[derive(Clone, Copy, Debug)]
pub struct Redeem<'a> {
    /// The code.
    pub code: &'a Secret,
    /// Who presents it, already authenticated.
    pub client_id: &'a ClientId,
    /// As it stands in the token request.
    pub redirect_uri: Option<&'a str>,
    /// As it stands in the token request.
    pub code_verifier: Option<&'a CodeVerifier>,
    /// How long the refresh token lives, if the grant comes with one.
    pub lifetime: RefreshLifetime,
    /// How long the access token will live that this buys: the grant is kept while it does.
    pub access_token_lifetime: Duration,
}

/// What came of a code.
#[derive(Clone, Debug)]
pub enum Redemption {
    /// Spent by this call.
    Granted {
        /// What it bought.
        grant: Box<Grant>,
        /// If the grant comes with one.
        refresh_token: Option<Secret>,
    },
    /// It buys nothing.
    Refused(Refusal),
}

/// A refresh token as it was presented.
#[derive(Clone, Copy, Debug)]
pub struct Rotate<'a> {
    /// The refresh token.
    pub refresh_token: &'a Secret,
    /// Who presents it, already authenticated.
    pub client_id: &'a ClientId,
    /// Absent: the scope first granted.
    pub scope: Option<&'a ScopeSet>,
    /// How long its successor lives.
    pub lifetime: RefreshLifetime,
    /// How long the access token will live that this buys: the grant is kept while it does.
    pub access_token_lifetime: Duration,
}

/// What came of a refresh token.
#[derive(Clone, Debug)]
pub enum Rotation {
    /// Swapped, by this call or, within the grace window, by one whose answer was lost.
    Rotated {
        /// What it stands for, with the scope as first granted.
        grant: Box<Grant>,
        /// The successor.
        refresh_token: Secret,
    },
    /// It buys nothing.
    Refused(Refusal),
}

/// By what a grant is looked up.
#[derive(Clone, Copy, Debug)]
pub enum Held<'a> {
    /// Its number, from an access token that was verified.
    Number(GrantId),
    /// A refresh token.
    RefreshToken {
        /// It.
        refresh_token: &'a Secret,
        /// Who shows it, already authenticated.
        client_id: &'a ClientId,
        /// How long it lives.
        lifetime: RefreshLifetime,
    },
}

/// How a grant stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantStanding {
    /// Nobody revoked it, and what it was looked up by is good.
    Live(Box<Grant>),
    /// Nobody revoked it; the refresh token that it was looked up by was swapped, or is over.
    Spent(Box<Grant>),
    /// Revoked.
    Revoked,
    /// Never opened, swept away, or another client's.
    Unknown,
}
