//! What a backend keeps: a few atomic verbs an aggregate, no rules.
//!
//! Every verb is one step as its caller sees it and durable when it returns. A backend never sees a
//! secret, only digests and sealed bytes, and decides nothing: what is refused and why is written
//! once, in `policy.rs` and [`crate::ledger`].

mod accounts;
mod api_keys;
mod changes;
mod clients;
mod consents;
mod grants;
mod instances;
mod keys;
mod projects;
mod readiness;
mod replay;
mod secrets;
mod sessions;
mod sweep;
mod throttle;

pub use accounts::{AccountRow, AccountStore};
pub use api_keys::{ApiKeyRow, ApiKeyStore};
pub use changes::ChangeStore;
pub use clients::ClientStore;
pub use consents::{ConsentRow, ConsentStore};
pub use grants::{
    CodeRow, CodeSpend, GrantRow, GrantStore, RefreshRow, RefreshStart, RefreshSwap, SealedSuccessor, Spend,
    Swap,
};
pub use instances::InstanceStore;
pub use keys::SigningKeyStore;
pub use projects::ProjectStore;
pub use readiness::ReadinessStore;
pub use replay::ReplayStore;
pub use secrets::{SecretRow, SecretStore};
pub use sessions::SessionStore;
pub use sweep::{SweepStore, SweptGrants};
pub use throttle::{Pace, ThrottleStore, Turn};

/// Everything a whole backend keeps; holds for whatever keeps each part.
pub trait Backend:
    AccountStore
    + ApiKeyStore
    + ChangeStore
    + ClientStore
    + ConsentStore
    + GrantStore
    + InstanceStore
    + ProjectStore
    + ReadinessStore
    + ReplayStore
    + SecretStore
    + SessionStore
    + SigningKeyStore
    + SweepStore
    + ThrottleStore
{
}

impl<S> Backend for S where
    S: AccountStore
        + ApiKeyStore
        + ChangeStore
        + ClientStore
        + ConsentStore
        + GrantStore
        + InstanceStore
        + ProjectStore
        + ReadinessStore
        + ReplayStore
        + SecretStore
        + SessionStore
        + SigningKeyStore
        + SweepStore
        + ThrottleStore
{
}

/// What came of adding a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insert {
    /// It stands now.
    Done,
    /// There is one of that name already; nothing was changed.
    Taken,
}
