use std::fmt::Debug;
use std::future::Future;

use grantway_core::account::{Account, PasswordHash};
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::seam::{PasswordChange, SeamError};
use grantway_core::time::Timestamp;

use super::Insert;

/// Keeps people's accounts.
pub trait AccountStore: Debug + Send + Sync + 'static {
    /// Adds an account; `Taken` if its subject, its username or its e-mail address is.
    fn insert_account(
        &self,
        instance: &InstanceId,
        row: &AccountRow,
    ) -> impl Future<Output = Result<Insert, SeamError>> + Send;

    /// The account of that subject.
    fn find_account(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> impl Future<Output = Result<Option<AccountRow>, SeamError>> + Send;

    /// The account whose username or e-mail address is `identifier`, both folded as in the row.
    fn find_account_by_identifier(
        &self,
        instance: &InstanceId,
        identifier: &str,
    ) -> impl Future<Output = Result<Option<AccountRow>, SeamError>> + Send;

    /// Sets the password hash of an account, if and only if it is `change.before`. Of any number of callers
    /// with the same `before` at most one gets `true`. Counted as a change.
    fn swap_password(
        &self,
        instance: &InstanceId,
        change: PasswordChange<'_>,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Puts `after` in the place of the account that is `before`, if it still is. Both have the same subject
    /// and the same e-mail address. Of any number of callers with the same `before` at most one gets `true`,
    /// unless nothing changes. Counted as a change.
    fn swap_account(
        &self,
        instance: &InstanceId,
        before: &Account,
        after: &Account,
    ) -> impl Future<Output = Result<bool, SeamError>> + Send;

    /// Is there any account?
    fn any_account(&self, instance: &InstanceId) -> impl Future<Output = Result<bool, SeamError>> + Send;
}

/// One account at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Who it is.
    pub account: Account,
    /// Folded to lower case; without `@`, so that it is never another's e-mail address.
    pub username: String,
    /// Folded to lower case; the address one may sign in with.
    pub email: Option<String>,
    /// Absent if the account has no password.
    pub password_hash: Option<PasswordHash>,
    /// Made then.
    pub created_at: Timestamp,
}
