use std::fmt::Debug;
use std::future::Future;

use grantway_core::digest::TokenDigest;
use grantway_core::grant::GrantTerms;
use grantway_core::ids::{ClientId, GrantId, InstanceId, Subject};
use grantway_core::pkce::CodeChallenge;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;

use super::Insert;

/// Keeps one row a grant, from its code to its last refresh token, changed in place.
pub trait GrantStore: Debug + Send + Sync + 'static {
    /// Adds a grant; `Taken` if its number is.
    fn insert_grant(
        &self,
        instance: &InstanceId,
        row: &GrantRow,
    ) -> impl Future<Output = Result<Insert, SeamError>> + Send;

    /// Marks the code spent and starts the refresh tokens, if and only if the row stands, its code
    /// has that digest, is not spent and not over, and the grant is not revoked. Of any number of
    /// callers at most one gets [`Spend::First`].
    fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> impl Future<Output = Result<Spend, SeamError>> + Send;

    /// Puts the successor in the place of the presented refresh token, which becomes the previous
    /// one, if and only if every condition of [`RefreshSwap`] holds. Of any number of callers at
    /// most one gets [`Swap::Done`].
    fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> impl Future<Output = Result<Swap, SeamError>> + Send;

    /// The row as it stands.
    fn find_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
    ) -> impl Future<Output = Result<Option<GrantRow>, SeamError>> + Send;

    /// The sealed successors among the next `limit` grants after that number, and the number of the last
    /// grant looked at if there may be more after it.
    fn sealed_successors(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        limit: u32,
    ) -> impl Future<Output = Result<(Vec<SealedSuccessor>, Option<GrantId>), SeamError>> + Send;

    /// Puts `anew` in the place of what is sealed there, if and only if that is `before`.
    fn reseal_successor(
        &self,
        instance: &InstanceId,
        before: &SealedSuccessor,
        anew: &[u8],
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Marks the grant revoked, needed no longer than until then, and wipes its sealed successor; the
    /// first time counts, and a grant that is not there is left alone.
    fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// Does the same to every grant of that subject, or of that subject to that client, that is not revoked, in one
    /// step, and says to how many.
    fn revoke_grants_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: Option<&ClientId>,
        at: Timestamp,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;
}

/// A refresh token that is kept for the grace window, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSuccessor {
    /// Of this grant.
    pub grant: GrantId,
    /// Of this generation.
    pub generation: i64,
    /// It, sealed.
    pub sealed: Vec<u8>,
}

/// One grant at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Its number.
    pub id: GrantId,
    /// What it is about.
    pub terms: GrantTerms,
    /// Its code.
    pub code: CodeRow,
    /// Its refresh tokens, from the redemption on and only if the terms say so.
    pub refresh: Option<RefreshRow>,
    /// Given then.
    pub created_at: Timestamp,
    /// Revoked then.
    pub revoked_at: Option<Timestamp>,
    /// From then on nothing it bought is good any more and the row may go; absent: never.
    pub needed_until: Option<Timestamp>,
}

/// A code at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// Of the code.
    pub digest: TokenDigest,
    /// As it stood in the authorization request.
    pub redirect_uri: Option<String>,
    /// As it stood in the authorization request.
    pub code_challenge: Option<CodeChallenge>,
    /// Good before then.
    pub expires_at: Timestamp,
    /// Spent then.
    pub spent_at: Option<Timestamp>,
}

/// The refresh tokens of a grant at rest: the current one, and what is left of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshRow {
    /// Of the part that all refresh tokens of the grant share: whoever shows it once held one.
    pub family: TokenDigest,
    /// Of the current one.
    pub current: TokenDigest,
    /// Of the one before.
    pub previous: Option<TokenDigest>,
    /// Counts from 1; the current one's.
    pub generation: i64,
    /// The current one is good before then, if there is an idle limit.
    pub expires_at: Option<Timestamp>,
    /// The previous one is answered again before then.
    pub grace_until: Option<Timestamp>,
    /// The current one, sealed, for that answer.
    pub sealed_successor: Option<Vec<u8>>,
}

/// A code that is to be spent.
#[derive(Clone, Debug)]
pub struct CodeSpend {
    /// Of the code as it was presented.
    pub code: TokenDigest,
    /// Now.
    pub at: Timestamp,
    /// The first refresh token, kept only if the terms of the grant say so.
    pub refresh: RefreshStart,
    /// The row is needed until then if they do not.
    pub needed_until: Timestamp,
}

/// The first refresh token of a grant.
#[derive(Clone, Debug)]
pub struct RefreshStart {
    /// Of the part that all refresh tokens of the grant will share.
    pub family: TokenDigest,
    /// Of the token.
    pub token: TokenDigest,
    /// Good before then, if there is an idle limit.
    pub expires_at: Option<Timestamp>,
    /// The row is needed until then; absent: as long as it stands.
    pub needed_until: Option<Timestamp>,
}

/// What came of spending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spend {
    /// Spent by this call: the row as it stands now.
    First(Box<GrantRow>),
    /// Nothing was changed: the row as it stands, if there is one.
    Unchanged(Option<Box<GrantRow>>),
}

/// A refresh token that is to be swapped, and the conditions under which it is.
#[derive(Clone, Debug)]
pub struct RefreshSwap {
    /// Condition: the grant was given to this client.
    pub client_id: ClientId,
    /// Condition: this is the current refresh token.
    pub presented: TokenDigest,
    /// Now. Condition: the grant is not revoked and the current token not over.
    pub at: Timestamp,
    /// Condition, if there is an absolute limit: the grant was given after then.
    pub given_after: Option<Timestamp>,
    /// Of the successor.
    pub successor: TokenDigest,
    /// The successor, sealed; absent if there is no grace window.
    pub sealed_successor: Option<Vec<u8>>,
    /// The presented token is answered again before then; absent if there is no grace window.
    pub grace_until: Option<Timestamp>,
    /// The successor is good before then, if there is an idle limit.
    pub expires_at: Option<Timestamp>,
    /// The row is needed until then; absent: as long as it stands.
    pub needed_until: Option<Timestamp>,
}

/// What came of a swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Swapped by this call: the row as it stands now.
    Done(Box<GrantRow>),
    /// Nothing was changed: the row as it stands, if there is one.
    Unchanged(Option<Box<GrantRow>>),
}
