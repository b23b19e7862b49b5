use std::fmt;
use std::sync::Arc;

use super::{
    Accounts, ApiKeys, Clients, Consents, Freshness, Grants, GrantsParts, Health, Projects, Replays,
    Sessions, Sweeper, Throttles,
};
use crate::traits::Backend;

/// Every ledger of an instance over one store, each made once: what a sign-in and a server ask. Whoever keeps
/// something elsewhere leaves that one alone.
pub struct Ledgers<S> {
    /// People.
    pub accounts: Arc<Accounts<S>>,
    /// By what programs ask.
    pub api_keys: Arc<ApiKeys<S>>,
    /// Applications.
    pub clients: Arc<Clients<S>>,
    /// What people agreed to.
    pub consents: Arc<Consents<S>>,
    /// Codes and refresh tokens.
    pub grants: Arc<Grants<S>>,
    /// Whether the store can do its work.
    pub health: Arc<Health<S>>,
    /// What customers connect.
    pub projects: Arc<Projects<S>>,
    /// What is good once.
    pub replays: Arc<Replays<S>>,
    /// Sign-ins.
    pub sessions: Arc<Sessions<S>>,
    /// Removes what is over.
    pub sweeper: Arc<Sweeper<S>>,
    /// How often something may be tried.
    pub throttles: Arc<Throttles<S>>,
}

impl<S: Backend> Ledgers<S> {
    /// Of what the ledger of grants is made all are.
    #[must_use]
    pub fn new(parts: GrantsParts<S>) -> Self {
        let GrantsParts { store, instance, clock, entropy, .. } = &parts;
        let (store, clock, entropy) = (|| Arc::clone(store), || Arc::clone(clock), || Arc::clone(entropy));
        let instance = || instance.clone();
        Self {
            accounts: Arc::new(Accounts::new(store(), instance())),
            api_keys: Arc::new(ApiKeys::new(store(), instance(), clock(), entropy())),
            clients: Arc::new(Clients::new(store(), instance())),
            consents: Arc::new(Consents::new(store(), instance(), clock())),
            health: Arc::new(Health::new(store())),
            projects: Arc::new(Projects::new(store(), instance(), clock(), entropy())),
            replays: Arc::new(Replays::new(store(), instance(), clock())),
            sessions: Arc::new(Sessions::new(store(), instance(), clock(), entropy())),
            sweeper: Arc::new(Sweeper::new(store(), instance(), clock())),
            throttles: Arc::new(Throttles::new(store(), instance(), clock())),
            grants: Arc::new(Grants::new(parts)),
        }
    }

    /// The same; accounts and applications that were read are remembered until they change.
    #[must_use]
    pub fn remembering(parts: GrantsParts<S>) -> Self {
        let GrantsParts { store, instance, clock, .. } = &parts;
        let freshness = Arc::new(Freshness::new(Arc::clone(store), instance.clone(), Arc::clone(clock)));
        let accounts = Accounts::new(Arc::clone(store), instance.clone());
        let clients = Clients::new(Arc::clone(store), instance.clone());
        Self {
            accounts: Arc::new(accounts.remembering(Arc::clone(&freshness))),
            clients: Arc::new(clients.remembering(freshness)),
            ..Self::new(parts)
        }
    }
}

impl<S> fmt::Debug for Ledgers<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledgers").field("grants", &self.grants).finish_non_exhaustive()
    }
}
