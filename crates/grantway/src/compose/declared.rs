//! What the configuration declares, put where it is looked up. Each start applies it again.

use grantway_core::client::{Client, ClientAuthentication, SealedClientSecret};
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::seam::{Clock, Entropy, Sealer};
use grantway_store::ledger::{
    AccountCreated, Accounts, ApiKeyDeclared, ApiKeys, Clients, NewAccount, Projects,
};
use grantway_store_seaorm::SeaStore;

use super::breakdown;
use crate::bootstrap::DemoRegistry;
use crate::config::api_key::SettledApiKey;
use crate::config::{Config, DeclaredAccount, DeclaredApplication};
use crate::outcome::Failure;

/// Where what is declared is looked up.
pub(super) struct Directories<'a> {
    pub(super) clients: &'a Clients<SeaStore>,
    pub(super) accounts: &'a Accounts<SeaStore>,
    pub(super) projects: &'a Projects<SeaStore>,
    pub(super) api_keys: &'a ApiKeys<SeaStore>,
    pub(super) instance: &'a InstanceId,
    pub(super) clock: &'a dyn Clock,
    pub(super) entropy: &'a dyn Entropy,
    pub(super) sealer: &'a dyn Sealer,
}

impl Directories<'_> {
    /// Is nobody and nothing known yet?
    pub(super) async fn are_empty(&self) -> Result<bool, Failure> {
        let any = self.clients.any().await.map_err(|fault| breakdown(&fault))?
            || self.accounts.any().await.map_err(|fault| breakdown(&fault))?;
        Ok(!any)
    }

    /// Everything in the configuration file.
    pub(super) async fn apply(&self, config: &Config) -> Result<(), Failure> {
        for application in &config.applications {
            let mut client = application.client()?;
            self.seal(&mut client, application)?;
            self.declare(&client).await?;
        }
        for account in &config.accounts {
            self.create(account).await?;
        }
        for project in &config.projects {
            let (id, name) = project.settle()?;
            self.projects.declare(id, &name).await.map_err(|fault| breakdown(&fault))?;
        }
        for declared in &config.api_keys {
            let SettledApiKey { shown, wanted } = declared.settle()?;
            // The name as people read it: space around it makes no other key.
            let name = wanted.name.clone();
            let outcome = self.api_keys.declare(&shown, wanted, Some(&name)).await;
            match outcome.map_err(|fault| breakdown(&fault))? {
                ApiKeyDeclared::Declared => {}
                ApiKeyDeclared::NoSuchProject => {
                    return Err(declared.refused(
                        "its project is neither declared nor there",
                        "declare it as [[project]], or run: grantway projects list",
                    ));
                }
                ApiKeyDeclared::Malformed(why) => return Err(declared.refused(why, "give another key")),
            }
        }
        Ok(())
    }

    /// The project and the keys of the demo.
    pub(super) async fn declare_demo(&self, demo: &DemoRegistry) -> Result<(), Failure> {
        let project = self.projects.declare(demo.project.id.clone(), "Demo project").await;
        project.map_err(|fault| breakdown(&fault))?;
        for SettledApiKey { shown, wanted } in demo.api_keys() {
            match self.api_keys.declare(&shown, wanted, None).await.map_err(|fault| breakdown(&fault))? {
                ApiKeyDeclared::Declared => {}
                outcome @ (ApiKeyDeclared::NoSuchProject | ApiKeyDeclared::Malformed(_)) => {
                    return Err(Failure::configuration(
                        "bootstrap.json has an API key that can be none",
                        format!("{outcome:?}"),
                        "put the right one back, or remove the file to go on without demo data",
                    ));
                }
            }
        }
        Ok(())
    }

    /// A secret that assertions are signed with has to be read again, so it is sealed and not digested.
    fn seal(&self, client: &mut Client, application: &DeclaredApplication) -> Result<(), Failure> {
        let secret = application.client_secret.as_ref();
        if let (ClientAuthentication::ClientSecretJwt { sealed, .. }, Some(secret)) =
            (&mut client.authentication, secret)
        {
            let place = SealedClientSecret::place(self.instance, &client.client_id);
            let secret = SealedClientSecret::seal(secret, self.sealer, place);
            sealed.push(secret.map_err(|fault| breakdown(&fault))?);
        }
        Ok(())
    }

    /// An application: what is declared replaces what was there.
    pub(super) async fn declare(&self, client: &Client) -> Result<(), Failure> {
        self.clients.declare(client, self.clock.now()).await.map_err(|fault| breakdown(&fault))
    }

    /// An account. One of that name stays as it is, since a person may have changed it; whether she may sign in is
    /// not hers to say.
    pub(super) async fn create(&self, declared: &DeclaredAccount) -> Result<(), Failure> {
        let known = match declared.enabled {
            Some(enabled) => self.accounts.set_enabled(&declared.username, enabled).await,
            None => self.accounts.is_known(&declared.username).await,
        };
        if known.map_err(|fault| breakdown(&fault))? {
            return Ok(());
        }
        let password_hash = match declared.password.clone() {
            Some(password) => Some(
                grantway_login::password::hash(password, self.entropy)
                    .await
                    .map_err(|fault| declared.refused(fault.to_string()))?,
            ),
            None => None,
        };
        let account = NewAccount {
            account: declared.account(Subject::draw(self.entropy)),
            username: declared.username.clone(),
            password_hash,
        };
        match self.accounts.create(&account, self.clock.now()).await.map_err(|fault| breakdown(&fault))? {
            AccountCreated::Created | AccountCreated::Taken => Ok(()),
            AccountCreated::Malformed(why) => Err(declared.refused(why.to_string())),
        }
    }
}
