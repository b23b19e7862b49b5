use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::SeamError;
use crate::account::{Account, PasswordHash};
use crate::ids::Subject;

/// Knows people's accounts. Asked by login and by the server; implemented by store.
#[async_trait]
pub trait AccountDirectory: Debug + Send + Sync {
    /// The account of that subject, disabled ones included.
    async fn find(&self, subject: &Subject) -> Result<Option<Arc<Account>>, SeamError>;
}

/// By what people prove who they are, and what they prove of themselves. Asked by login; implemented by store.
#[async_trait]
pub trait AccountCredentials: AccountDirectory {
    /// What a sign-in with that username or e-mail address is checked against. Letter case and
    /// surrounding white space do not matter.
    async fn password_record(&self, identifier: &str) -> Result<Option<PasswordRecord>, SeamError>;

    /// The same for the account of that subject.
    async fn password_record_of(&self, subject: &Subject) -> Result<Option<PasswordRecord>, SeamError>;

    /// Sets a password, if the account still has the one that the caller saw. Of any number of callers who
    /// saw the same one, one is the first, and nobody after.
    async fn set_password(&self, change: PasswordChange<'_>) -> Result<Replaced, SeamError>;

    /// From now on `email_verified` is said of the account's e-mail address, if it is still `address`.
    async fn verify_email(&self, subject: &Subject, address: &str) -> Result<EmailVerified, SeamError>;
}

/// What a password is checked against.
#[derive(Clone, Debug)]
pub struct PasswordRecord {
    /// Whose.
    pub subject: Subject,
    /// Absent if the account has no password.
    pub hash: Option<PasswordHash>,
    /// May the account sign in?
    pub enabled: bool,
}

/// A password that is to take the place of another.
#[derive(Clone, Copy, Debug)]
pub struct PasswordChange<'a> {
    /// Whose.
    pub subject: &'a Subject,
    /// What the caller saw; absent if it was none.
    pub before: Option<&'a PasswordHash>,
    /// What is to stand there.
    pub after: &'a PasswordHash,
}

/// What came of putting something in the place of what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It stands there now.
    Done,
    /// Something else was there, or there is no such account. Nothing was changed.
    Outdated,
}

/// What came of showing that one reads the mail of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// It was not verified before, and is now.
    Now,
    /// It was already.
    Before,
    /// The account has another address, or none, or there is no such account.
    OtherAddress,
}
