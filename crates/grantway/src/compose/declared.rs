//! What the configuration declares, put where it is looked up. Each start applies it again.

use grantway_core::client::{Client, ClientAuthentication, SealedClientSecret};
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::seam::{Clock, Entropy, Sealer};
use grantway_store::ledger::{AccountCreated, Accounts, Clients, NewAccount};
use grantway_store_seaorm::SeaStore;

use super::breakdown;
use crate::config::{Config, DeclaredAccount, DeclaredApplication};
use crate::outcome::Failure;

/// Where applications and accounts are looked up.
pub(super) struct Directories<'a> {
    pub(super) clients: &'a Clients<SeaStore>,
    pub(super) accounts: &'a Accounts<SeaStore>,
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
