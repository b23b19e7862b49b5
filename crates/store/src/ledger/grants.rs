use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::grant::{Grant, RefreshLifetime, Refusal};
use grantway_core::ids::{ClientId, GrantId, InstanceId, Subject};
use grantway_core::seam::{
    Clock, Entropy, GrantLedger, GrantRevocation, GrantStanding, Held, IssueCode, Opened, Redeem, Redemption,
    Rotate, Rotation, SealContext, Sealer, SeamError,
};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use crate::policy::{self, CodeClaim, RefreshClaim, ShownRefresh, Unswapped, Verdict};
use crate::token_format::{NewRefreshToken, PresentedCode, PresentedRefreshToken, draw_code};
use crate::traits::{
    CodeRow, CodeSpend, GrantRow, GrantStore, Insert, RefreshRow, RefreshStart, RefreshSwap, Spend, Swap,
};

/// Codes and refresh tokens over any store. What is refused and why is decided in `policy.rs`.
///
/// Without a grace window two honest presentations of one refresh token at once revoke the grant:
/// that is what a grace of zero asks for.
pub struct Grants<S>(GrantsParts<S>);

/// What the ledger needs.
pub struct GrantsParts<S> {
    /// Keeps the rows.
    pub store: Arc<S>,
    /// Whose grants.
    pub instance: InstanceId,
    /// When things happen.
    pub clock: Arc<dyn Clock>,
    /// Of what tokens are made.
    pub entropy: Arc<dyn Entropy>,
    /// Seals the successor while it may have to be answered again.
    pub sealer: Arc<dyn Sealer>,
    /// For how long a spent refresh token is answered again; zero for never.
    pub grace: Duration,
}

impl<S> Grants<S> {
    /// Ready to be asked.
    #[must_use]
    pub const fn new(parts: GrantsParts<S>) -> Self {
        Self(parts)
    }
}

#[async_trait]
impl<S: GrantStore> GrantLedger for Grants<S> {
    async fn issue_code(&self, issue: IssueCode<'_>) -> Result<Secret, SeamError> {
        let GrantsParts { store, instance, clock, entropy, .. } = &self.0;
        let now = clock.now();
        for _ in 0..NUMBERS_TRIED {
            let id = GrantId::draw(&**entropy, now);
            let code = draw_code(&**entropy, id);
            let row = GrantRow {
                id,
                terms: issue.terms.clone(),
                code: CodeRow {
                    digest: TokenDigest::of(DigestKind::Code, &code),
                    redirect_uri: issue.code.redirect_uri.clone(),
                    code_challenge: issue.code.code_challenge.clone(),
                    expires_at: now.plus(issue.code.lifetime),
                    spent_at: None,
                },
                refresh: None,
                created_at: now,
                revoked_at: None,
                needed_until: Some(now.plus(issue.code.lifetime)),
            };
            match store.insert_grant(instance, &row).await? {
                Insert::Done => return Ok(code),
                Insert::Taken => {}
            }
        }
        Err(SeamError::broken("grant ledger", "the entropy repeats itself: every number drawn is taken"))
    }

    async fn redeem(&self, redeem: Redeem<'_>) -> Result<Redemption, SeamError> {
        let GrantsParts { store, instance, clock, entropy, .. } = &self.0;
        let Some(presented) = PresentedCode::parse(redeem.code) else {
            return Ok(Redemption::Refused(Refusal::Unknown));
        };
        let now = clock.now();
        let first = NewRefreshToken::draw_first(&**entropy, presented.grant);
        let access_until = now.plus(redeem.access_token_lifetime);
        let spend = CodeSpend {
            code: presented.digest,
            at: now,
            refresh: RefreshStart {
                family: first.family,
                token: first.digest,
                expires_at: redeem.lifetime.idle.map(|idle| now.plus(idle)),
                needed_until: policy::needed_until(redeem.lifetime, access_until, now),
            },
            needed_until: access_until,
        };
        match store.spend_code(instance, presented.grant, &spend).await? {
            Spend::First(row) => {
                let Redeem { client_id, redirect_uri, code_verifier, .. } = redeem;
                match policy::spent_code(&row, CodeClaim { client_id, redirect_uri, code_verifier }) {
                    Ok(()) => Ok(Redemption::Granted {
                        refresh_token: row.refresh.is_some().then_some(first.token),
                        grant: grant_of(*row),
                    }),
                    Err(why) => {
                        let why = self.carry_out(Verdict::RefuseAndRevoke(why), presented.grant, now).await?;
                        Ok(Redemption::Refused(why))
                    }
                }
            }
            Spend::Unchanged(row) => {
                let verdict = policy::unspent_code(row.as_deref(), presented);
                Ok(Redemption::Refused(self.carry_out(verdict, presented.grant, now).await?))
            }
        }
    }

    async fn rotate(&self, rotate: Rotate<'_>) -> Result<Rotation, SeamError> {
        let GrantsParts { store, instance, clock, entropy, .. } = &self.0;
        let Some(presented) = PresentedRefreshToken::parse(rotate.refresh_token) else {
            return Ok(Rotation::Refused(Refusal::Unknown));
        };
        let Some(successor) = presented.draw_successor(&**entropy) else {
            return Ok(Rotation::Refused(Refusal::Unknown));
        };
        let now = clock.now();
        let given_after = given_after(rotate.lifetime, now);
        let claim = RefreshClaim { presented: &presented, client_id: rotate.client_id, at: now, given_after };
        if let Some(scope) = rotate.scope {
            let row = store.find_grant(instance, presented.grant).await?;
            if let Err(why) = policy::scope_of_refresh(row.as_ref(), claim, scope) {
                return Ok(Rotation::Refused(why));
            }
        }
        let access_until = now.plus(rotate.access_token_lifetime);
        let swap = RefreshSwap {
            expires_at: rotate.lifetime.idle.map(|idle| now.plus(idle)),
            needed_until: policy::needed_until(rotate.lifetime, access_until, now),
            ..self.swap(&successor, claim)?
        };
        match store.swap_refresh(instance, presented.grant, &swap).await? {
            Swap::Done(row) => {
                Ok(Rotation::Rotated { grant: grant_of(*row), refresh_token: successor.token })
            }
            Swap::Unchanged(row) => self.unswapped(row, claim).await,
        }
    }

    async fn look_up(&self, held: Held<'_>) -> Result<GrantStanding, SeamError> {
        let GrantsParts { store, instance, clock, .. } = &self.0;
        match held {
            Held::Number(number) => Ok(match store.find_grant(instance, number).await? {
                None => GrantStanding::Unknown,
                Some(GrantRow { revoked_at: Some(_), .. }) => GrantStanding::Revoked,
                Some(row) => GrantStanding::Live(grant_of(row)),
            }),
            Held::RefreshToken { refresh_token, client_id, lifetime } => {
                let Some(presented) = PresentedRefreshToken::parse(refresh_token) else {
                    return Ok(GrantStanding::Unknown);
                };
                let at = clock.now();
                let given_after = given_after(lifetime, at);
                let claim = RefreshClaim { presented: &presented, client_id, at, given_after };
                let row = store.find_grant(instance, presented.grant).await?;
                Ok(match (policy::shown_refresh(row.as_ref(), claim), row) {
                    (Ok(ShownRefresh::Good), Some(row)) => GrantStanding::Live(grant_of(row)),
                    (Ok(ShownRefresh::Spent), Some(row)) => GrantStanding::Spent(grant_of(row)),
                    (Err(Refusal::Revoked), _) => GrantStanding::Revoked,
                    (Err(_), _) | (_, None) => GrantStanding::Unknown,
                })
            }
        }
    }

    async fn revoke(&self, grant: GrantId) -> Result<(), SeamError> {
        self.0.store.revoke_grant(&self.0.instance, grant, self.0.clock.now()).await
    }
}

#[async_trait]
impl<S: GrantStore> GrantRevocation for Grants<S> {
    async fn revoke_all(&self, subject: &Subject) -> Result<u64, SeamError> {
        self.0.store.revoke_grants_of(&self.0.instance, subject, None, self.0.clock.now()).await
    }

    async fn revoke_of(&self, subject: &Subject, client: &ClientId) -> Result<u64, SeamError> {
        self.0.store.revoke_grants_of(&self.0.instance, subject, Some(client), self.0.clock.now()).await
    }
}

impl<S: GrantStore> Grants<S> {
    /// A swap whose successor is good for ever.
    fn swap(&self, successor: &NewRefreshToken, claim: RefreshClaim<'_>) -> Result<RefreshSwap, SeamError> {
        let GrantsParts { sealer, grace, .. } = &self.0;
        let forgiving = !grace.is_zero();
        let sealed_successor = if forgiving {
            let record = record(claim.presented.grant, successor.generation);
            Some(sealer.seal(successor.token.expose().as_bytes(), self.context(&record))?)
        } else {
            None
        };
        Ok(RefreshSwap {
            client_id: claim.client_id.clone(),
            presented: claim.presented.digest,
            at: claim.at,
            given_after: claim.given_after,
            successor: successor.digest,
            sealed_successor,
            grace_until: forgiving.then(|| claim.at.plus(*grace)),
            expires_at: None,
            needed_until: None,
        })
    }

    async fn unswapped(
        &self,
        row: Option<Box<GrantRow>>,
        claim: RefreshClaim<'_>,
    ) -> Result<Rotation, SeamError> {
        match (policy::unswapped_refresh(row.as_deref(), claim), row) {
            (Unswapped::AnswerAgain, Some(row)) => self.answer_again(*row),
            (Unswapped::AnswerAgain, None) => Ok(Rotation::Refused(Refusal::Unknown)),
            (Unswapped::Refused(verdict), _) => {
                Ok(Rotation::Refused(self.carry_out(verdict, claim.presented.grant, claim.at).await?))
            }
        }
    }

    fn answer_again(&self, row: GrantRow) -> Result<Rotation, SeamError> {
        let Some(RefreshRow { generation, sealed_successor: Some(sealed), .. }) = row.refresh else {
            return Ok(Rotation::Refused(Refusal::Unknown));
        };
        match self.0.sealer.open(&sealed, self.context(&record(row.id, generation)))? {
            Opened::Plain(plain) => {
                let text =
                    std::str::from_utf8(&plain).map_err(|fault| SeamError::broken("grant ledger", fault))?;
                Ok(Rotation::Rotated {
                    refresh_token: Secret::new(text),
                    grant: Box::new(Grant { id: row.id, terms: row.terms }),
                })
            }
            Opened::Refused(why) => Err(SeamError::broken("grant ledger", why)),
        }
    }

    async fn carry_out(&self, verdict: Verdict, grant: GrantId, at: Timestamp) -> Result<Refusal, SeamError> {
        match verdict {
            Verdict::Refuse(_) => {}
            Verdict::RefuseAndRevoke(_) => self.0.store.revoke_grant(&self.0.instance, grant, at).await?,
        }
        Ok(verdict.refusal())
    }

    fn context<'a>(&'a self, record: &'a str) -> SealContext<'a> {
        context(&self.0.instance, record)
    }
}

impl<S> fmt::Debug for Grants<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S> fmt::Debug for GrantsParts<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { instance, grace, .. } = self;
        f.debug_struct("Grants").field("instance", instance).field("grace", grace).finish_non_exhaustive()
    }
}

fn grant_of(row: GrantRow) -> Box<Grant> {
    Box::new(Grant { id: row.id, terms: row.terms })
}

/// Grants given then or earlier are too old.
fn given_after(lifetime: RefreshLifetime, now: Timestamp) -> Option<Timestamp> {
    lifetime.absolute.map(|absolute| now.minus(absolute))
}

/// The place a sealed successor belongs to.
pub(super) const fn context<'a>(instance: &'a InstanceId, record: &'a str) -> SealContext<'a> {
    SealContext { instance, record, field: "refresh_successor" }
}

/// Moved to another grant or generation it does not open.
pub(super) fn record(grant: GrantId, generation: i64) -> String {
    format!("{grant}/{generation}")
}

/// Two numbers of one second agree once in 2^30.
const NUMBERS_TRIED: usize = 8;
