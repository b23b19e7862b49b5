use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::account::{Account, PasswordHash};
use grantway_core::error::Malformed;
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::seam::{
    AccountCredentials, AccountDirectory, EmailVerified, PasswordChange, PasswordRecord, Replaced, SeamError,
};
use grantway_core::time::Timestamp;

use super::remembered::{Freshness, Remembered};
use crate::traits::{AccountRow, AccountStore, ChangeStore, Insert};

/// People's accounts over any store.
#[derive(Debug)]
pub struct Accounts<S> {
    store: Arc<S>,
    instance: InstanceId,
    remembered: Option<Remembered<S, Subject, Account>>,
}

/// An account that is to be made. One may sign in by its username, or by the e-mail address of its claims.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Who it is.
    pub account: Account,
    /// 1 to 320 characters without `@` and control characters; letter case does not matter.
    pub username: String,
    /// Absent if the account has no password.
    pub password_hash: Option<PasswordHash>,
}

/// What an account is looked up by, as it is compared: without surrounding white space and in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Without `@`, so that it is never another's e-mail address.
    pub username: String,
    /// Absent if the account has none.
    pub email: Option<String>,
}

impl Names {
    /// Says which of them cannot be one.
    pub fn of(username: &str, email: Option<&str>) -> Result<Self, Malformed> {
        let username = fold(username).filter(|name| !name.contains('@')).ok_or(Malformed("username"))?;
        let email = match email.map(fold) {
            None => None,
            Some(Some(email)) if email.contains('@') => Some(email),
            Some(_) => return Err(Malformed("email")),
        };
        Ok(Self { username, email })
    }
}

/// What came of making an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountCreated {
    /// It is kept.
    Created,
    /// Somebody has its subject, its username or its e-mail address.
    Taken,
    /// Its username or its e-mail address cannot be one.
    Malformed(Malformed),
}

impl<S: AccountStore + ChangeStore> Accounts<S> {
    /// The accounts of an instance, read for whoever asks.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId) -> Self {
        Self { store, instance, remembered: None }
    }

    /// The same, and remembers what it read as long as nothing is changed; passwords it does not remember.
    #[must_use]
    pub fn remembering(mut self, freshness: Arc<Freshness<S>>) -> Self {
        self.remembered = Some(Remembered::new(freshness));
        self
    }

    /// Makes an account, unless its names are taken.
    pub async fn create(&self, new: &NewAccount, at: Timestamp) -> Result<AccountCreated, SeamError> {
        let Names { username, email } = match Names::of(&new.username, new.account.claims.email.as_deref()) {
            Ok(names) => names,
            Err(malformed) => return Ok(AccountCreated::Malformed(malformed)),
        };
        let row = AccountRow {
            account: new.account.clone(),
            username,
            email,
            password_hash: new.password_hash.clone(),
            created_at: at,
        };
        Ok(match self.store.insert_account(&self.instance, &row).await? {
            Insert::Done => AccountCreated::Created,
            Insert::Taken => AccountCreated::Taken,
        })
    }

    /// Has anybody an account?
    pub async fn any(&self) -> Result<bool, SeamError> {
        self.store.any_account(&self.instance).await
    }

    /// Is that username or e-mail address somebody's?
    pub async fn is_known(&self, identifier: &str) -> Result<bool, SeamError> {
        Ok(self.by_identifier(identifier).await?.is_some())
    }

    /// Lets a person in, or keeps her out, by her username or e-mail address. Says whether there is such a person.
    pub async fn set_enabled(&self, identifier: &str, enabled: bool) -> Result<bool, SeamError> {
        loop {
            // Never what is remembered: it is to be replaced as it stands.
            let Some(AccountRow { account: before, .. }) = self.by_identifier(identifier).await? else {
                return Ok(false);
            };
            let after = Account { enabled, ..before.clone() };
            if before == after || self.store.swap_account(&self.instance, &before, &after).await? {
                self.changed();
                return Ok(true);
            }
            // Somebody else changed something, and is done with it.
        }
    }

    /// Before anybody is told.
    fn changed(&self) {
        if let Some(remembered) = &self.remembered {
            remembered.changed();
        }
    }

    async fn by_identifier(&self, identifier: &str) -> Result<Option<AccountRow>, SeamError> {
        match fold(identifier) {
            Some(folded) => self.store.find_account_by_identifier(&self.instance, &folded).await,
            None => Ok(None),
        }
    }
}

#[async_trait]
impl<S: AccountStore + ChangeStore> AccountDirectory for Accounts<S> {
    async fn find(&self, subject: &Subject) -> Result<Option<Arc<Account>>, SeamError> {
        let read =
            async { Ok(self.store.find_account(&self.instance, subject).await?.map(|row| row.account)) };
        match &self.remembered {
            Some(remembered) => remembered.find(subject, read).await,
            None => Ok(read.await?.map(Arc::new)),
        }
    }
}

#[async_trait]
impl<S: AccountStore + ChangeStore> AccountCredentials for Accounts<S> {
    async fn password_record(&self, identifier: &str) -> Result<Option<PasswordRecord>, SeamError> {
        Ok(self.by_identifier(identifier).await?.map(record))
    }

    async fn password_record_of(&self, subject: &Subject) -> Result<Option<PasswordRecord>, SeamError> {
        Ok(self.store.find_account(&self.instance, subject).await?.map(record))
    }

    async fn set_password(&self, change: PasswordChange<'_>) -> Result<Replaced, SeamError> {
        let done = self.store.swap_password(&self.instance, change).await?;
        self.changed();
        Ok(if done { Replaced::Done } else { Replaced::Outdated })
    }

    async fn verify_email(&self, subject: &Subject, address: &str) -> Result<EmailVerified, SeamError> {
        let address = fold(address);
        loop {
            // Never what is remembered: it is to be replaced as it stands.
            let Some(AccountRow { account: before, email: Some(email), .. }) =
                self.store.find_account(&self.instance, subject).await?
            else {
                return Ok(EmailVerified::OtherAddress);
            };
            if Some(email) != address {
                return Ok(EmailVerified::OtherAddress);
            }
            if before.claims.email_verified == Some(true) {
                return Ok(EmailVerified::Before);
            }
            let mut after = before.clone();
            after.claims.email_verified = Some(true);
            if self.store.swap_account(&self.instance, &before, &after).await? {
                self.changed();
                return Ok(EmailVerified::Now);
            }
            // Somebody else changed something, and is done with it.
        }
    }
}

fn record(row: AccountRow) -> PasswordRecord {
    PasswordRecord { subject: row.account.subject, hash: row.password_hash, enabled: row.account.enabled }
}

/// As identifiers are compared: without surrounding white space and in lower case, which may be longer.
fn fold(identifier: &str) -> Option<String> {
    if identifier.len() > MAX_BYTES || identifier.chars().any(char::is_control) {
        return None;
    }
    let folded = identifier.trim().to_lowercase();
    (1..=MAX_BYTES).contains(&folded.len()).then_some(folded)
}

/// RFC 5321 section 4.5.3.1: 64 octets, an `@`, 255 octets.
const MAX_BYTES: usize = 320;
