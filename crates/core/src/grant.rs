//! What a person allowed a client: one grant, from its code to its last refresh token.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::claims_request::NamedClaims;
use crate::client::RefreshTokenPolicy;
use crate::ids::{ClientId, GrantId, SessionId, Subject};
use crate::pkce::CodeChallenge;
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// What a grant is about, fixed when it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// To whom it was given.
    pub client_id: ClientId,
    /// By whom.
    pub subject: Subject,
    /// How much.
    pub scope: ScopeSet,
    /// The claims that are released by their own names.
    pub claims: NamedClaims,
    /// In which sign-in.
    pub sid: Option<SessionId>,
    /// When the person had proved who he is.
    pub auth_time: Timestamp,
    /// How surely.
    pub acr: Option<String>,
    /// By what means.
    pub amr: Vec<String>,
    /// Echoed in every ID token of the code (OpenID Connect Core section 3.1.2.1).
    pub nonce: Option<String>,
    /// The resources it is for (RFC 8707); empty means the issuer's own.
    pub resources: Vec<String>,
    /// RFC 9396 section 2, as it was granted.
    pub authorization_details: Option<Value>,
    /// The key its tokens are bound to (RFC 7800 section 3).
    pub confirmation: Option<Value>,
    /// Who acts for the subject (RFC 8693 section 4.1).
    pub actor: Option<Value>,
    /// Comes with a refresh token?
    pub refreshable: bool,
}

/// What a code is bound to besides its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBinding {
    /// As it stood in the request; absent if the request had none and the client has only one.
    pub redirect_uri: Option<String>,
    /// To be answered at redemption.
    pub code_challenge: Option<CodeChallenge>,
    /// Good for this long.
    pub lifetime: Duration,
}

/// A grant that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its number.
    pub id: GrantId,
    /// What it is about.
    pub terms: GrantTerms,
}

/// How long refresh tokens of a grant live; the zeros of the policy are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshLifetime {
    /// Since the last use.
    pub idle: Option<Duration>,
    /// Since the grant was given.
    pub absolute: Option<Duration>,
}

impl From<RefreshTokenPolicy> for RefreshLifetime {
    fn from(policy: RefreshTokenPolicy) -> Self {
        let unless_zero = |span: Duration| (!span.is_zero()).then_some(span);
        Self { idle: unless_zero(policy.idle), absolute: unless_zero(policy.absolute) }
    }
}

/// Why a code or a refresh token buys nothing. All but [`Refusal::ScopeExceeded`] are
/// `invalid_grant` on the wire; the operator reads which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Nothing like it was ever issued, or it is long swept away.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used before; what it bought is revoked.
    Replayed,
    /// The grant was revoked.
    Revoked,
    /// It was issued to another client.
    OtherClient,
    /// The `redirect_uri` is not that of the authorization request.
    OtherRedirectUri,
    /// The `code_verifier` is missing, does not answer the challenge, or there was no challenge.
    Pkce,
    /// More scope is asked for than was granted.
    ScopeExceeded,
}

impl Refusal {
    /// One sentence for the developer of the client.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Unknown => "the code or refresh token is not known",
            Self::Expired => "the code or refresh token has expired",
            Self::Replayed => "the code or refresh token was used before; what it bought is revoked",
            Self::Revoked => "the grant was revoked",
            Self::OtherClient => "the code or refresh token was issued to another client",
            Self::OtherRedirectUri => "the redirect_uri differs from that of the authorization request",
            Self::Pkce => "the code_verifier does not answer the code_challenge of the authorization request",
            Self::ScopeExceeded => "the scope is more than was granted",
        }
    }
}
