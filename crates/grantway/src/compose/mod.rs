//! Who is whom: every part made once and handed to those that ask for it.

mod declared;
pub(crate) mod storage;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use grantway_core::audit::Audit;
use grantway_core::seam::{Clock, Entropy, Mailer, Sealer};
use grantway_jose::verify::JwsVerifier;
use grantway_login::{AccountPage, Login, LoginParts, Recovery};
use grantway_server::ServerParts;
use grantway_store::ledger::{
    Accounts, Clients, Consents, Freshness, Grants, GrantsParts, Health, Replays, Sessions, Sweeper,
    Throttles,
};

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
    let Storage { data, clock, entropy, store, instance, root_keys, csrf, .. } = storage;
    let sealer: Arc<dyn Sealer> = root_keys.clone();
    let audit: Arc<dyn Audit> = Arc::new(LoggedAudit);
    let mut clients = Clients::new(Arc::clone(&store), instance.clone());
    let mut accounts = Accounts::new(Arc::clone(&store), instance.clone());
    if config.cache_lookups {
        let freshness = Arc::new(Freshness::new(Arc::clone(&store), instance.clone(), Arc::clone(&clock)));
        clients = clients.remembering(Arc::clone(&freshness));
        accounts = accounts.remembering(freshness);
    }
    let (clients, accounts) = (Arc::new(clients), Arc::new(accounts));
    let directories =
        Directories { clients: &clients, accounts: &accounts, clock: &*clock, entropy: &*entropy };
    let bootstrapped = demo_data(config, issuer, &data, &directories).await?;
    directories.apply(config).await?;

    let consents = Arc::new(Consents::new(Arc::clone(&store), instance.clone(), Arc::clone(&clock)));
    let grants = Arc::new(Grants::new(GrantsParts {
        store: Arc::clone(&store),
        instance: instance.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        sealer: Arc::clone(&sealer),
        grace: config.refresh_grace,
    }));
    let sessions = Arc::new(Sessions::new(
        Arc::clone(&store),
        instance.clone(),
        Arc::clone(&clock),
        Arc::clone(&entropy),
    ));
    let pages = config.pages.shell()?;
    let mut parts = LoginParts::new(
        issuer.as_str(),
        Arc::clone(&clock),
        Arc::clone(&entropy),
        accounts.clone(),
        Arc::new(Throttles::new(Arc::clone(&store), instance.clone(), Arc::clone(&clock))),
        sessions.clone(),
        clients.clone(),
        Arc::clone(&audit),
        csrf.clone(),
    );
    parts.pages = pages.clone();
    let mailer = mailer(config, issuer, &clock, &entropy)?;
    parts.recovery = mailer.map(|mailer| Recovery::new(mailer, consents.clone(), grants.clone()));
    parts.account_page = Some(AccountPage { sessions, consents: consents.clone(), grants: grants.clone() });
    let login = Login::new(parts).map_err(|malformed| {
        Failure::configuration("the sign-in cannot be served", malformed, "give a web address as issuer")
    })?;
    let mut parts = ServerParts::new(
        issuer.as_str(),
        instance.clone(),
        Arc::clone(&clock),
        Arc::clone(&entropy),
        keyring.clone(),
        Arc::new(JwsVerifier::new()),
        Arc::clone(&sealer),
        clients,
        grants,
        consents,
        Arc::new(Replays::new(Arc::clone(&store), instance.clone(), Arc::clone(&clock))),
        accounts.clone(),
        login.clone(),
        Arc::new(Health::new(Arc::clone(&store))),
        audit,
        csrf.clone(),
    );
    parts.satellite_hosts.clone_from(&config.satellite_hosts);
    parts.pages = pages.clone();
    let server = grantway_server::router(parts);
    let sweeper = Arc::new(Sweeper::new(store, instance.clone(), Arc::clone(&clock)));
    let mut router = server.merge(login.router());
    if bootstrapped.is_some() {
        let demo = Demo::new(DemoParts {
            issuer: issuer.as_str().to_owned(),
            instance,
            entropy: Arc::clone(&entropy),
            sealer,
            provider: router.clone(),
            pages: pages.clone(),
        });
        router = router.merge(demo.router());
    }
    let parts =
        FirstAccountParts { issuer: issuer.clone(), accounts, clock, entropy, csrf, pages: pages.clone() };
    let first_account = FirstAccount::if_nobody_has_one(parts).await.map_err(|fault| breakdown(&fault))?;
    let link = first_account.as_ref().map(|page| page.link());
    router = first_account.into_iter().fold(router, |router, page| router.merge(page.router()));
    Ok(Provider {
        router: router.fallback(async move |headers| listen::nothing_here(&pages, &headers)),
        bootstrapped,
        bootstrap_path: data.bootstrap(),
        first_account: link,
        chores: Chores { sweeper, keyring, root_keys },
        login,
    })
}

/// By which people are written to, if they are.
fn mailer(
    config: &Config,
    issuer: &Issuer,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
) -> Result<Option<Arc<dyn Mailer>>, Failure> {
    let Some(mail) = &config.mail else { return Ok(None) };
    Ok(Some(Arc::new(SmtpMailer::new(mail, issuer, Arc::clone(clock), Arc::clone(entropy))?)))
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
    }
    Ok(bootstrapped)
}
