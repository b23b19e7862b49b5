//! What is refused and why: pure decisions over rows, each with the paragraph it comes from.

use grantway_core::digest::TokenDigest;
use grantway_core::grant::Refusal;
use grantway_core::ids::ClientId;
use grantway_core::pkce::{CodeChallenge, CodeVerifier};
use grantway_core::scope::ScopeSet;
use grantway_core::time::Timestamp;

use crate::token_format::{PresentedCode, PresentedRefreshToken};
use crate::traits::{CodeRow, GrantRow, RefreshRow};

/// What a refusal does to the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing: the presentation proves nothing about the grant.
    Refuse(Refusal),
    /// Whatever the grant bought is revoked: the code or token is in two hands.
    RefuseAndRevoke(Refusal),
}

impl Verdict {
    pub(crate) const fn refusal(self) -> Refusal {
        match self {
            Self::Refuse(why) | Self::RefuseAndRevoke(why) => why,
        }
    }
}

/// Why a code was not spent.
pub(crate) fn unspent_code(row: Option<&GrantRow>, presented: PresentedCode) -> Verdict {
    let Some(row) = row else { return Verdict::Refuse(Refusal::Unknown) };
    if row.code.digest != presented.digest {
        // A guess, or a code whose number was changed: the grant it points at has no part in it.
        return Verdict::Refuse(Refusal::Unknown);
    }
    if row.code.spent_at.is_some() {
        // RFC 6749 section 4.1.2: a code used twice revokes what it bought.
        return Verdict::RefuseAndRevoke(Refusal::Replayed);
    }
    if row.revoked_at.is_some() {
        return Verdict::Refuse(Refusal::Revoked);
    }
    Verdict::Refuse(Refusal::Expired)
}

/// What a client says when it presents a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeClaim<'a> {
    pub(crate) client_id: &'a ClientId,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) code_verifier: Option<&'a CodeVerifier>,
}

/// Whether a code that is spent now may buy something. If not it has leaked, and the grant ends.
pub(crate) fn spent_code(row: &GrantRow, claim: CodeClaim<'_>) -> Result<(), Refusal> {
    let CodeRow { redirect_uri, code_challenge, .. } = &row.code;
    if row.terms.client_id != *claim.client_id {
        return Err(Refusal::OtherClient);
    }
    // RFC 6749 section 4.1.3: present and equal if the authorization request had one. Without one
    // there, one here was never agreed on.
    if redirect_uri.as_deref() != claim.redirect_uri {
        return Err(Refusal::OtherRedirectUri);
    }
    if is_answered(code_challenge.as_ref(), claim.code_verifier) { Ok(()) } else { Err(Refusal::Pkce) }
}

/// RFC 7636 section 4.6, and RFC 9700 section 2.1.1: a verifier without a challenge is a downgrade.
fn is_answered(challenge: Option<&CodeChallenge>, verifier: Option<&CodeVerifier>) -> bool {
    match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => challenge.answers(verifier),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// What came of a refresh token that was not swapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unswapped {
    /// The answer of an honest client was lost: the same successor is answered again.
    AnswerAgain,
    /// It buys nothing.
    Refused(Verdict),
}

/// What a client says when it presents a refresh token, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefreshClaim<'a> {
    pub(crate) presented: &'a PresentedRefreshToken,
    pub(crate) client_id: &'a ClientId,
    pub(crate) at: Timestamp,
    /// Grants given then or earlier are too old.
    pub(crate) given_after: Option<Timestamp>,
}

/// Why a refresh token was not swapped.
pub(crate) fn unswapped_refresh(row: Option<&GrantRow>, claim: RefreshClaim<'_>) -> Unswapped {
    let refuse = |why| Unswapped::Refused(Verdict::Refuse(why));
    let (row, refresh) = match known_refresh(row, claim) {
        Ok(known) => known,
        Err(why) => return refuse(why),
    };
    let RefreshRow { current, previous, generation, expires_at, grace_until, sealed_successor, .. } = refresh;
    let is = |own: &TokenDigest| *own == claim.presented.digest;
    let too_old = claim.given_after.is_some_and(|after| row.created_at <= after);
    let over = too_old || expires_at.is_some_and(|end| end <= claim.at);
    if is(current) {
        return refuse(Refusal::Expired);
    }
    if previous.as_ref().is_some_and(is) {
        let forgiven = grace_until.is_some_and(|end| claim.at < end) && sealed_successor.is_some();
        if forgiven {
            return if over { refuse(Refusal::Expired) } else { Unswapped::AnswerAgain };
        }
        // RFC 9700 section 4.14.2: a spent token that comes again is in two hands.
        return Unswapped::Refused(Verdict::RefuseAndRevoke(Refusal::Replayed));
    }
    if claim.presented.generation < *generation {
        // It proved by the shared part that it was genuine once, and its successor was used.
        return Unswapped::Refused(Verdict::RefuseAndRevoke(Refusal::Replayed));
    }
    refuse(Refusal::Unknown)
}

/// Whether more scope is asked for than was granted, decided before anything is spent
/// (RFC 6749 section 6).
pub(crate) fn scope_of_refresh(
    row: Option<&GrantRow>,
    claim: RefreshClaim<'_>,
    scope: &ScopeSet,
) -> Result<(), Refusal> {
    let (row, _) = known_refresh(row, claim)?;
    if scope.is_subset(&row.terms.scope) { Ok(()) } else { Err(Refusal::ScopeExceeded) }
}

/// The row, if the presented token belongs to it and to this client, and nobody revoked it.
fn known_refresh<'a>(
    row: Option<&'a GrantRow>,
    claim: RefreshClaim<'_>,
) -> Result<(&'a GrantRow, &'a RefreshRow), Refusal> {
    let row = row.ok_or(Refusal::Unknown)?;
    let refresh = row.refresh.as_ref().ok_or(Refusal::Unknown)?;
    if refresh.family != claim.presented.family {
        return Err(Refusal::Unknown);
    }
    // A stranger's presentation neither learns nor changes how the grant stands.
    if row.terms.client_id != *claim.client_id {
        return Err(Refusal::OtherClient);
    }
    if row.revoked_at.is_some() {
        return Err(Refusal::Revoked);
    }
    Ok((row, refresh))
}
