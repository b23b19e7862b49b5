//! What is refused and why: pure decisions over rows, each with the paragraph it comes from.

use std::time::Duration;

use grantway_core::digest::TokenDigest;
use grantway_core::grant::{RefreshLifetime, Refusal};
use grantway_core::ids::ClientId;
use grantway_core::pkce::{CodeChallenge, CodeVerifier};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::Target;
use grantway_core::time::Timestamp;

use crate::token_format::{PresentedCode, PresentedRefreshToken};
use crate::traits::{ApiKeyRow, CodeRow, GrantRow, Pace, RefreshRow};

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

/// Until when a grant with refresh tokens is needed that was used now; `None`: as long as it stands. The
/// absolute limit counts from when it was given, which was before now: it is kept rather too long.
pub(crate) fn needed_until(
    lifetime: RefreshLifetime,
    access_until: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let ends = lifetime.idle.into_iter().chain(lifetime.absolute).map(|span| now.plus(span));
    ends.min().map(|end| end.max(access_until))
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
    let RefreshRow { current, previous, generation, grace_until, sealed_successor, .. } = refresh;
    let is = |own: &TokenDigest| *own == claim.presented.digest;
    let over = is_over(row, refresh, claim);
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

fn is_over(row: &GrantRow, refresh: &RefreshRow, claim: RefreshClaim<'_>) -> bool {
    let too_old = claim.given_after.is_some_and(|after| row.created_at <= after);
    too_old || refresh.expires_at.is_some_and(|end| end <= claim.at)
}

/// How a refresh token stands that is shown and not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownRefresh {
    /// It would buy something.
    Good,
    /// It was genuine once.
    Spent,
}

/// How it stands, or why nothing is said of the grant.
pub(crate) fn shown_refresh(
    row: Option<&GrantRow>,
    claim: RefreshClaim<'_>,
) -> Result<ShownRefresh, Refusal> {
    let (row, refresh) = known_refresh(row, claim)?;
    let good = refresh.current == claim.presented.digest && !is_over(row, refresh, claim);
    Ok(if good { ShownRefresh::Good } else { ShownRefresh::Spent })
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

/// How often a password may be tried, and a message be sent. A person who has forgotten hers is not held up by the first; a program
/// gets a few thousand guesses a day at one name, and ten times that from one address at many.
pub(crate) const fn pace_of(target: Target<'_>) -> Pace {
    match target {
        Target::Account(_) => Pace { burst: 10, interval: 30 },
        Target::Address(_) => Pace { burst: 50, interval: 3 },
        // A person who does not find the first message asks for another, and perhaps for a third.
        Target::Mailbox(_) => Pace { burst: 3, interval: 600 },
    }
}

/// Is whoever shows a key of that digest let in by the one that is kept?
pub(crate) fn api_key_is_good(row: &ApiKeyRow, shown: &TokenDigest, now: Timestamp) -> bool {
    // Digests are compared in constant time.
    row.digest == *shown && row.key.expires_at.is_none_or(|end| end > now)
}

/// The use of a key is written down if the last that was is as old as this: a program that asks all day long must not
/// mean a write a request.
pub(crate) fn use_is_noted_before(now: Timestamp) -> Timestamp {
    now.minus(Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use grantway_core::claims_request::NamedClaims;
    use grantway_core::digest::DigestKind;
    use grantway_core::grant::GrantTerms;
    use grantway_core::ids::GrantId;
    use grantway_core::secret::Secret;
    use grantway_core::testing::SeededEntropy;

    use super::*;
    use crate::token_format::{NewRefreshToken, draw_code};

    #[test]
    fn an_unspent_code_is_refused_for_the_first_reason_that_holds() {
        let presented = presented_code();
        let with = |change: Change| {
            let mut row = row(&presented_token(1));
            row.code.digest = presented.digest;
            change(&mut row);
            Some(row)
        };
        for (case, row, verdict) in [
            ("no row", None, Verdict::Refuse(Refusal::Unknown)),
            ("another code", with(|row| row.code.digest = digest("x")), Verdict::Refuse(Refusal::Unknown)),
            (
                "another code of a spent grant",
                with(|row| {
                    row.code.digest = digest("x");
                    row.code.spent_at = Some(NOW);
                }),
                Verdict::Refuse(Refusal::Unknown),
            ),
            ("spent", with(|row| row.code.spent_at = Some(NOW)), Verdict::RefuseAndRevoke(Refusal::Replayed)),
            (
                "spent and revoked",
                with(|row| {
                    row.code.spent_at = Some(NOW);
                    row.revoked_at = Some(NOW);
                }),
                Verdict::RefuseAndRevoke(Refusal::Replayed),
            ),
            ("revoked", with(|row| row.revoked_at = Some(NOW)), Verdict::Refuse(Refusal::Revoked)),
            ("over", with(|_| {}), Verdict::Refuse(Refusal::Expired)),
        ] {
            assert_eq!(unspent_code(row.as_ref(), presented), verdict, "{case}");
        }
    }

    #[test]
    fn a_spent_code_buys_only_what_was_agreed_on() {
        let (one, two) = (client("one"), client("two"));
        let (right, wrong) = (verifier('a'), verifier('b'));
        let (here, there) = (Some("https://app.test/cb"), Some("https://app.test/cb/"));
        let challenge = Some(right.challenge());
        for (agreed_uri, agreed_challenge, client_id, redirect_uri, code_verifier, outcome) in [
            (here, &challenge, &one, here, Some(&right), Ok(())),
            (None, &None, &one, None, None, Ok(())),
            (here, &challenge, &two, here, Some(&right), Err(Refusal::OtherClient)),
            (here, &challenge, &two, there, Some(&wrong), Err(Refusal::OtherClient)),
            (here, &challenge, &one, there, Some(&right), Err(Refusal::OtherRedirectUri)),
            (here, &challenge, &one, None, Some(&right), Err(Refusal::OtherRedirectUri)),
            (None, &challenge, &one, here, Some(&right), Err(Refusal::OtherRedirectUri)),
            (here, &challenge, &one, here, Some(&wrong), Err(Refusal::Pkce)),
            (here, &challenge, &one, here, None, Err(Refusal::Pkce)),
            (here, &None, &one, here, Some(&right), Err(Refusal::Pkce)),
        ] {
            let mut row = row(&presented_token(1));
            row.code.redirect_uri = agreed_uri.map(str::to_owned);
            row.code.code_challenge.clone_from(agreed_challenge);
            let claim = CodeClaim { client_id, redirect_uri, code_verifier };

            assert_eq!(spent_code(&row, claim), outcome, "{agreed_uri:?} {agreed_challenge:?} {claim:?}");
        }
    }

    #[test]
    fn an_unswapped_refresh_token_is_judged_by_what_it_proves() {
        let presented = presented_token(3);
        let replayed = Unswapped::Refused(Verdict::RefuseAndRevoke(Refusal::Replayed));
        let refused = |why| Unswapped::Refused(Verdict::Refuse(why));
        let cases: [(&str, Change, Unswapped); 13] = [
            ("no refresh tokens", |row| row.refresh = None, refused(Refusal::Unknown)),
            ("a guessed family", |row| refresh(row).family = digest("x"), refused(Refusal::Unknown)),
            ("of another client", |row| row.terms.client_id = client("two"), refused(Refusal::OtherClient)),
            ("revoked", |row| row.revoked_at = Some(NOW), refused(Refusal::Revoked)),
            ("current, so it is over", |_| {}, refused(Refusal::Expired)),
            ("previous within the window", previous, Unswapped::AnswerAgain),
            (
                "previous within the window, its successor idle for too long",
                |row| {
                    previous(row);
                    refresh(row).expires_at = Some(NOW);
                },
                refused(Refusal::Expired),
            ),
            (
                "previous within the window of a grant too old",
                |row| {
                    previous(row);
                    row.created_at = GIVEN_AFTER;
                },
                refused(Refusal::Expired),
            ),
            (
                "previous at the end of the window",
                |row| {
                    previous(row);
                    refresh(row).grace_until = Some(NOW);
                },
                replayed,
            ),
            (
                "previous without a sealed successor",
                |row| {
                    previous(row);
                    refresh(row).sealed_successor = None;
                },
                replayed,
            ),
            (
                "older than the previous",
                |row| {
                    previous(row);
                    refresh(row).previous = Some(digest("x"));
                    refresh(row).generation = 5;
                },
                replayed,
            ),
            (
                "never issued, of this generation",
                |row| refresh(row).current = digest("x"),
                refused(Refusal::Unknown),
            ),
            (
                "never issued, of a later generation",
                |row| {
                    refresh(row).current = digest("x");
                    refresh(row).generation = 2;
                },
                refused(Refusal::Unknown),
            ),
        ];
        for (case, change, outcome) in cases {
            let mut row = row(&presented);
            change(&mut row);
            assert_eq!(unswapped_refresh(Some(&row), claim(&presented, &client("one"))), outcome, "{case}");
        }
        assert_eq!(unswapped_refresh(None, claim(&presented, &client("one"))), refused(Refusal::Unknown));
    }

    #[test]
    fn more_scope_is_refused_and_a_stranger_learns_nothing_of_it() {
        let presented = presented_token(1);
        let cases: [(&str, Change, Result<(), Refusal>); 7] = [
            ("openid email", |_| {}, Ok(())),
            ("email", |_| {}, Ok(())),
            ("openid phone", |_| {}, Err(Refusal::ScopeExceeded)),
            ("phone", |row| row.refresh = None, Err(Refusal::Unknown)),
            ("phone", |row| refresh(row).family = digest("x"), Err(Refusal::Unknown)),
            ("phone", |row| row.terms.client_id = client("two"), Err(Refusal::OtherClient)),
            ("phone", |row| row.revoked_at = Some(NOW), Err(Refusal::Revoked)),
        ];
        for (scope, change, outcome) in cases {
            let mut row = row(&presented);
            change(&mut row);
            let asked = scope.parse().unwrap();
            assert_eq!(
                scope_of_refresh(Some(&row), claim(&presented, &client("one")), &asked),
                outcome,
                "{scope}"
            );
        }
    }

    #[test]
    fn a_grant_is_needed_while_anything_it_bought_is_good() {
        let seconds = Duration::from_secs;
        for (idle, absolute, access, needed) in [
            (Some(1000), Some(5000), 60, Some(1000)),
            (Some(5000), Some(1000), 60, Some(1000)),
            (Some(1000), None, 3600, Some(3600)),
            (None, Some(5000), 60, Some(5000)),
            (None, None, 60, None),
        ] {
            let lifetime = RefreshLifetime { idle: idle.map(seconds), absolute: absolute.map(seconds) };
            assert_eq!(
                needed_until(lifetime, NOW.plus(seconds(access)), NOW),
                needed.map(|span| NOW.plus(seconds(span))),
                "{idle:?} {absolute:?} {access}"
            );
        }
    }

    /// What makes a case of a row.
    type Change = fn(&mut GrantRow);

    /// A grant whose current refresh token is the presented one.
    fn row(presented: &PresentedRefreshToken) -> GrantRow {
        GrantRow {
            id: presented.grant,
            terms: GrantTerms {
                client_id: client("one"),
                subject: "user_a".parse().unwrap(),
                scope: "openid email".parse().unwrap(),
                claims: NamedClaims::default(),
                sid: None,
                auth_time: NOW,
                acr: None,
                amr: Vec::new(),
                nonce: None,
                resources: Vec::new(),
                authorization_details: None,
                confirmation: None,
                actor: None,
                refreshable: true,
            },
            code: CodeRow {
                digest: digest("code"),
                redirect_uri: None,
                code_challenge: None,
                expires_at: NOW,
                spent_at: None,
            },
            refresh: Some(RefreshRow {
                family: presented.family,
                current: presented.digest,
                previous: None,
                generation: presented.generation,
                expires_at: None,
                grace_until: None,
                sealed_successor: None,
            }),
            created_at: NOW,
            revoked_at: None,
            needed_until: None,
        }
    }

    /// The presented token was swapped, and its successor may be answered again.
    fn previous(row: &mut GrantRow) {
        let refresh = refresh(row);
        refresh.previous = Some(refresh.current);
        refresh.current = digest("successor");
        refresh.generation += 1;
        refresh.grace_until = Some(NOW.plus(Duration::from_secs(1)));
        refresh.sealed_successor = Some(vec![1]);
    }

    fn refresh(row: &mut GrantRow) -> &mut RefreshRow {
        row.refresh.as_mut().unwrap()
    }

    fn claim<'a>(presented: &'a PresentedRefreshToken, client_id: &'a ClientId) -> RefreshClaim<'a> {
        RefreshClaim { presented, client_id, at: NOW, given_after: Some(GIVEN_AFTER) }
    }

    fn presented_token(generation: i64) -> PresentedRefreshToken {
        let entropy = SeededEntropy::new(1);
        let first = NewRefreshToken::draw_first(&entropy, GrantId::from_number(1));
        let mut presented = PresentedRefreshToken::parse(&first.token).unwrap();
        while presented.generation < generation {
            let successor = presented.draw_successor(&entropy).unwrap();
            presented = PresentedRefreshToken::parse(&successor.token).unwrap();
        }
        presented
    }

    fn presented_code() -> PresentedCode {
        PresentedCode::parse(&draw_code(&SeededEntropy::new(1), GrantId::from_number(1))).unwrap()
    }

    fn client(name: &str) -> ClientId {
        name.parse().unwrap()
    }

    fn verifier(letter: char) -> CodeVerifier {
        letter.to_string().repeat(43).parse().unwrap()
    }

    fn digest(text: &str) -> TokenDigest {
        TokenDigest::of(DigestKind::Assertion, &Secret::new(text))
    }

    const NOW: Timestamp = Timestamp::from_unix(1_767_225_600);
    const GIVEN_AFTER: Timestamp = Timestamp::from_unix(1_767_222_000);
}
