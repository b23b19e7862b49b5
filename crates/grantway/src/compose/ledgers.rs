//! What the parts ask, over the store.

use std::sync::Arc;

use grantway_core::seam::Sealer;
use grantway_store::ledger::{
    Accounts, Clients, Consents, Freshness, Grants, GrantsParts, Health, Replays, Sessions, Sweeper,
    Throttles,
};
use grantway_store_seaorm::SeaStore;

use super::storage::Storage;
use crate::config::Config;

/// Each made once.
pub(super) struct Ledgers {
    pub(super) accounts: Arc<Accounts<SeaStore>>,
    pub(super) clients: Arc<Clients<SeaStore>>,
    pub(super) consents: Arc<Consents<SeaStore>>,
    pub(super) grants: Arc<Grants<SeaStore>>,
    pub(super) health: Arc<Health<SeaStore>>,
    pub(super) replays: Arc<Replays<SeaStore>>,
    pub(super) sessions: Arc<Sessions<SeaStore>>,
    pub(super) sweeper: Arc<Sweeper<SeaStore>>,
    pub(super) throttles: Arc<Throttles<SeaStore>>,
}

impl Ledgers {
    pub(super) fn over(config: &Config, storage: &Storage) -> Self {
        let Storage { clock, entropy, store, instance, root_keys, .. } = storage;
        let (store, clock) = (|| Arc::clone(store), || Arc::clone(clock));
        let instance = || instance.clone();
        let sealer: Arc<dyn Sealer> = root_keys.clone();
        let mut clients = Clients::new(store(), instance());
        let mut accounts = Accounts::new(store(), instance());
        if config.cache_lookups {
            let freshness = Arc::new(Freshness::new(store(), instance(), clock()));
            clients = clients.remembering(Arc::clone(&freshness));
            accounts = accounts.remembering(freshness);
        }
        Self {
            accounts: Arc::new(accounts),
            clients: Arc::new(clients),
            consents: Arc::new(Consents::new(store(), instance(), clock())),
            grants: Arc::new(Grants::new(GrantsParts {
                store: store(),
                instance: instance(),
                clock: clock(),
                entropy: Arc::clone(entropy),
                sealer,
                grace: config.refresh_grace,
            })),
            health: Arc::new(Health::new(store())),
            replays: Arc::new(Replays::new(store(), instance(), clock())),
            sessions: Arc::new(Sessions::new(store(), instance(), clock(), Arc::clone(entropy))),
            sweeper: Arc::new(Sweeper::new(store(), instance(), clock())),
            throttles: Arc::new(Throttles::new(store(), instance(), clock())),
        }
    }
}
