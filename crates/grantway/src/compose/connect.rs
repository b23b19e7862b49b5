//! What programs ask with an API key.

use axum::Router;
use grantway_store::ledger::Ledgers;
use grantway_store_seaorm::SeaStore;

use super::storage::Storage;

/// Everything under `/api/v1`.
#[cfg(feature = "connect")]
pub(super) fn router(ledgers: &Ledgers<SeaStore>, storage: &Storage) -> Router {
    let Ledgers { projects, api_keys, .. } = ledgers;
    let clock = Arc::clone(&storage.clock);
    let parts = ConnectParts::new(projects.clone(), api_keys.clone(), clock, Arc::new(LoggedAudit));
    grantway_connect::router(parts)
}

/// A build without `connect` has nothing there.
#[cfg(not(feature = "connect"))]
pub(super) fn router(_ledgers: &Ledgers<SeaStore>, _storage: &Storage) -> Router {
    Router::new()
}

#[cfg(feature = "connect")]
use {crate::audit::LoggedAudit, grantway_connect::ConnectParts, std::sync::Arc};
