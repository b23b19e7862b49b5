//! What the rows mean: each ledger implements a seam of the core over any store that keeps its rows.

mod accounts;
mod all;
mod api_keys;
mod clients;
mod consents;
mod grants;
mod instances;
mod keys;
mod projects;
mod readiness;
mod remembered;
mod replay;
mod reseal;
mod secrets;
mod sessions;
mod sweep;
mod throttle;

pub use accounts::{AccountCreated, Accounts, Names, NewAccount};
pub use all::Ledgers;
pub use api_keys::{ApiKeyDeclared, ApiKeys};
pub use clients::Clients;
pub use consents::Consents;
pub use grants::{Grants, GrantsParts};
pub use instances::Instances;
pub use keys::SigningKeys;
pub use projects::Projects;
pub use readiness::Health;
pub use remembered::{Freshness, LATE_BY, OLDEST};
pub use replay::Replays;
pub use reseal::{Resealed, Resealer};
pub use secrets::Secrets;
pub use sessions::Sessions;
pub use sweep::Sweeper;
pub use throttle::Throttles;
