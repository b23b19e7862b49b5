//! Who is whom: every part made once and handed to those that ask for it.

mod connect;
mod declared;
#[cfg(feature = "doctor")]
pub(crate) mod doctor;
pub(crate) mod outbound;
pub(crate) mod storage;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::map_response;
use grantway_core::audit::Audit;
use grantway_core::http::PageShell;
use grantway_jose::keyring::Keyring;
use grantway_login::{ACR_PASSWORD, AccountPage, Login, LoginParts, Recovery};
use grantway_server::ServerParts;
use grantway_store::ledger::{GrantsParts, Ledgers};
use grantway_store_seaorm::SeaStore;

use self::declared::Directories;
use self::storage::{Storage, breakdown};
use crate::audit::LoggedAudit;
use crate::bootstrap::{Bootstrap, Bootstrapped, demo_page_client};
use crate::config::Config;
use crate::config::issuer::Issuer;
use crate::data_dir::DataDir;
use crate::demo::{Demo, DemoParts};
use crate::first_account::{FirstAccount, FirstAccountParts};
use crate::housekeeping::Chores;
use crate::listen;
use crate::mail::SmtpMailer;
use crate::outcome::Failure;

/// All that answers, and what its first lines say.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) router: Router,
    pub(crate) bootstrapped: Option<Bootstrapped>,
    pub(crate) bootstrap_path: PathBuf,
    /// Where the first account is made, if nobody has one.
    pub(crate) first_account: Option<String>,
    pub(crate) chores: Chores,
    pub(crate) login: Arc<Login>,
}

/// Composes the identity provider.
pub(crate) async fn provider(config: &Config, issuer: &Issuer) -> Result<Provider, Failure> {
    let storage = Storage::open(config).await?;
    let keyring = storage.keyring(config.rotation).await?;
    let ledgers = ledgers(config, &storage);
    let directories = Directories {
        clients: &ledgers.clients,
        accounts: &ledgers.accounts,
        projects: &ledgers.projects,
        api_keys: &ledgers.api_keys,
        instance: &storage.instance,
        clock: &*storage.clock,
        entropy: &*storage.entropy,
        sealer: &*storage.root_keys,
    };
    let bootstrapped = demo_data(config, issuer, &storage.data, &directories).await?;
    directories.apply(config).await?;

    let pages = config.pages.shell()?;
    let whole = Whole { config, issuer, storage: &storage, ledgers: &ledgers, pages: &pages };
    let login = whole.login()?;
    let mut router = grantway_server::router(whole.server(keyring.clone(), login.clone())?);
    router = router.merge(login.router());
    #[cfg(feature = "doctor")]
    {
        router = router.merge(below(issuer, whole.doctor()?.router()));
    }
    router = router.merge(below(issuer, connect::router(&ledgers, &storage)));
    if bootstrapped.is_some() {
        router = router.clone().merge(below(issuer, whole.demo(router).router()));
    }
    let first_account = FirstAccount::if_nobody_has_one(whole.first_account()).await;
    let first_account = first_account.map_err(|fault| breakdown(&fault))?;
    let link = first_account.as_ref().map(|page| page.link());
    router =
        first_account.into_iter().fold(router, |router, page| router.merge(below(issuer, page.router())));
    router = router.fallback(async move |headers| listen::nothing_here(&pages, &headers));
    if issuer.is_to_be_reached_by_https_alone() {
        router = router.layer(map_response(listen::https_alone));
    }
    Ok(Provider {
        router,
        bootstrapped,
        bootstrap_path: storage.data.bootstrap(),
        first_account: link,
        chores: Chores { sweeper: ledgers.sweeper, keyring, root_keys: storage.root_keys },
        login,
    })
}

/// What the parts ask, over the store.
fn ledgers(config: &Config, storage: &Storage) -> Ledgers<SeaStore> {
    let parts = GrantsParts {
        store: Arc::clone(&storage.store),
        instance: storage.instance.clone(),
        clock: Arc::clone(&storage.clock),
        entropy: Arc::clone(&storage.entropy),
        sealer: storage.root_keys.clone(),
        grace: config.refresh_grace,
    };
    if config.cache_lookups { Ledgers::remembering(parts) } else { Ledgers::new(parts) }
}

/// All paths of the provider lie below the issuer's.
fn below(issuer: &Issuer, router: Router) -> Router {
    if issuer.root().is_empty() { router } else { Router::new().nest(issuer.root(), router) }
}

/// What every part is made of.
#[derive(Clone, Copy)]
struct Whole<'a> {
    config: &'a Config,
    issuer: &'a Issuer,
    storage: &'a Storage,
    ledgers: &'a Ledgers<SeaStore>,
    pages: &'a PageShell,
}

impl Whole<'_> {
    fn login(self) -> Result<Arc<Login>, Failure> {
        let Self { config, issuer, storage, ledgers, pages } = self;
        let Ledgers { consents, grants, sessions, .. } = ledgers;
        let mut parts = LoginParts::new(
            issuer.as_str(),
            Arc::clone(&storage.clock),
            Arc::clone(&storage.entropy),
            ledgers.accounts.clone(),
            ledgers.throttles.clone(),
            sessions.clone(),
            ledgers.clients.clone(),
            Arc::new(LoggedAudit),
            storage.csrf.clone(),
        );
        parts.pages = pages.clone();
        if let Some(mail) = &config.mail {
            let mailer =
                SmtpMailer::new(mail, issuer, Arc::clone(&storage.clock), Arc::clone(&storage.entropy))?;
            parts.recovery = Some(Recovery::new(Arc::new(mailer), consents.clone(), grants.clone()));
        }
        parts.account_page = Some(AccountPage {
            sessions: sessions.clone(),
            consents: consents.clone(),
            grants: grants.clone(),
        });
        Login::new(parts).map_err(|malformed| {
            Failure::configuration("the sign-in cannot be served", malformed, "give a web address as issuer")
        })
    }

    fn server(self, keyring: Arc<Keyring>, login: Arc<Login>) -> Result<ServerParts, Failure> {
        let Self { config, issuer, storage, ledgers, pages } = self;
        let audit: Arc<dyn Audit> = Arc::new(LoggedAudit);
        let verifier = outbound::verifier(config, issuer, Arc::clone(&storage.clock), Arc::clone(&audit))?;
        let mut parts = ServerParts::new(
            issuer.as_str(),
            storage.instance.clone(),
            Arc::clone(&storage.clock),
            Arc::clone(&storage.entropy),
            keyring,
            Arc::new(verifier),
            storage.root_keys.clone(),
            ledgers.clients.clone(),
            ledgers.grants.clone(),
            ledgers.consents.clone(),
            ledgers.replays.clone(),
            ledgers.accounts.clone(),
            login,
            ledgers.health.clone(),
            audit,
            storage.csrf.clone(),
        );
        parts.satellite_hosts.clone_from(&config.satellite_hosts);
        parts.acr_values_supported = vec![ACR_PASSWORD.to_owned()];
        parts.pages = pages.clone();
        Ok(parts)
    }

    fn demo(self, provider: Router) -> Arc<Demo> {
        Demo::new(DemoParts {
            issuer: self.issuer.clone(),
            instance: self.storage.instance.clone(),
            entropy: Arc::clone(&self.storage.entropy),
            sealer: self.storage.root_keys.clone(),
            provider,
            pages: self.pages.clone(),
        })
    }

    fn first_account(self) -> FirstAccountParts {
        FirstAccountParts {
            issuer: self.issuer.clone(),
            accounts: self.ledgers.accounts.clone(),
            clock: Arc::clone(&self.storage.clock),
            entropy: Arc::clone(&self.storage.entropy),
            csrf: self.storage.csrf.clone(),
            pages: self.pages.clone(),
        }
    }
}

async fn demo_data(
    config: &Config,
    issuer: &Issuer,
    data: &DataDir,
    directories: &Directories<'_>,
) -> Result<Option<Bootstrapped>, Failure> {
    if !(issuer.is_loopback() || config.demo) {
        return Ok(None);
    }
    let empty = directories.are_empty().await?;
    let bootstrapped = Bootstrap::settle(data, issuer.as_str(), empty, directories.entropy)?;
    if let Some(bootstrapped) = &bootstrapped {
        let demo = bootstrapped.data();
        for client in demo.clients() {
            directories.declare(&client).await?;
        }
        directories.declare(&demo_page_client(issuer.as_str())?).await?;
        directories.create(&demo.account()).await?;
        directories.declare_demo(&demo.registry).await?;
    }
    Ok(bootstrapped)
}
