use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::digest::TokenDigest;
use crate::time::Timestamp;

/// Remembers what is used up, until it would be over anyway: the `jti` of a client assertion
/// (RFC 7523 section 3), of a proof of possession (RFC 9449 section 11.1), and of an access token that was revoked and
/// belongs to no grant.
///
/// Asked by the server and resource; kept by store, for all processes of an instance, and by resource for one process
/// alone.
#[async_trait]
pub trait ReplayLedger: Debug + Send + Sync {
    /// Claims a value until `expires_at`; of any number of callers one is the first, and from then on
    /// nobody is.
    async fn claim(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<Claimed, SeamError>;

    /// Did anybody claim a value that ends then? Once it has ended, by anybody's clock, it is as good as
    /// claimed.
    async fn is_claimed(&self, value: &TokenDigest, expires_at: Timestamp) -> Result<bool, SeamError>;
}

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody used it before.
    First,
    /// Somebody did.
    Again,
}
