//! Decisions worth remembering, with identifiers and never with payloads.

use crate::client::ClientAuthMethod;
use crate::error::ErrorCode;
use crate::grant::Refusal;
use crate::ids::{ApiKeyId, ClientId, GrantId, ProjectId, SessionId, Subject};
use crate::seam::SeamError;
use crate::token::GrantType;

/// One decision. Field names are fixed here so that every sink spells them alike.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named after the types that explain them")]
pub enum Event {
    /// A person proved who he is.
    SignedIn { subject: Subject, sid: SessionId },
    /// Somebody did not; `subject` only if the account exists.
    SignInFailed { subject: Option<Subject>, reason: &'static str },
    /// A person ended a sign-in, at the wish of this client if one had any.
    SignedOut { subject: Subject, sid: SessionId, client_id: Option<ClientId> },
    /// A person ended all of her other sign-ins; so many there were.
    OtherSessionsEnded { subject: Subject, sessions: u64 },
    /// A person set a new password by the one before, and with it ended so many sign-ins: all, of which the one that
    /// she did it in began anew.
    PasswordChanged { subject: Subject, sessions: u64 },
    /// A person took back what she had agreed to, and with it so many grants.
    ConsentRevoked { client_id: ClientId, subject: Subject, grants: u64 },
    /// A person agreed, or had agreed before.
    CodeIssued { client_id: ClientId, subject: Subject },
    /// A person said no.
    ConsentDenied { client_id: ClientId, subject: Subject },
    /// An authorization request was answered with an error.
    AuthorizationRefused { client_id: Option<ClientId>, error: ErrorCode },
    /// A client proved who it is, or needs not.
    ClientAuthenticated { client_id: ClientId, method: ClientAuthMethod },
    /// A client did not.
    ClientRefused { client_id: Option<ClientId>, reason: &'static str },
    /// Tokens were given.
    TokenIssued { client_id: ClientId, grant_type: GrantType, grant_id: Option<GrantId> },
    /// A code or refresh token bought nothing.
    TokenRefused { client_id: ClientId, grant_type: GrantType, reason: Refusal },
    /// A client gave back what it had: its grant and all that it bought, or one token without a grant.
    Revoked { client_id: ClientId, grant_id: Option<GrantId> },
    /// Keys that somebody else publishes could not be read anew.
    KeysUnavailable { jwks_uri: String, why: String },
    /// A message was taken by whoever carries it on.
    MailSent { subject: Subject, kind: &'static str },
    /// A message was not sent, and will not be: after so many attempts, or for another reason.
    MailNotSent { subject: Option<Subject>, kind: &'static str, reason: String },
    /// A person set a new password by a link in the mail, and with it ended all of her sessions and grants.
    PasswordReset { subject: Subject, sessions: u64, grants: u64 },
    /// A link in the mail was opened that is no longer good, or never was.
    LinkRefused { kind: &'static str, reason: &'static str },
    /// A person showed that she reads the mail of her address.
    EmailVerified { subject: Subject },
    /// A request to a protected resource was refused; `client_id` only if its token is good.
    AccessRefused { client_id: Option<ClientId>, reason: &'static str },
    /// A project began, by this key if by one.
    ProjectCreated { project_id: ProjectId, by: Option<ApiKeyId> },
    /// A program got a key, for a project or as a partner, by this key if by one.
    ApiKeyIssued { api_key_id: ApiKeyId, project_id: Option<ProjectId>, by: Option<ApiKeyId> },
    /// A key of a project or a partner was ended, by this key if by one.
    ApiKeyRevoked { api_key_id: ApiKeyId, project_id: Option<ProjectId>, by: Option<ApiKeyId> },
    /// A program was not let in; the prefix as it was shown, if what was shown has the form of a key.
    ApiKeyRefused { api_key_id: Option<ApiKeyId>, reason: &'static str },
    /// A connection was tested for a project: whoever has that key had this server ask that host; none, if the address
    /// names none.
    ConnectionTested { api_key_id: ApiKeyId, project_id: ProjectId, host: Option<String>, success: bool },
    /// What an issuer says of itself could not be read.
    MetadataUnavailable { issuer: String, why: String },
    /// A part we depend on broke down.
    Breakdown { part: &'static str, detail: String },
}

impl From<&SeamError> for Event {
    fn from(breakdown: &SeamError) -> Self {
        Self::Breakdown { part: breakdown.part, detail: breakdown.to_string() }
    }
}

/// Where events go. Synchronous and infallible: a sink that may fail queues behind itself.
///
/// Told by every crate; kept by the binaries and by tests.
pub trait Audit: std::fmt::Debug + Send + Sync {
    /// Takes note.
    fn record(&self, event: Event);
}

/// Hears of everything and keeps nothing: for a client that tells its caller what went wrong and has no operator.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAudit;

impl Audit for NoAudit {
    fn record(&self, _event: Event) {}
}
