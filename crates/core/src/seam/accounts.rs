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

    /// What a sign-in with that username or e-mail address is checked against. Letter case and
    /// surrounding white space do not matter.
    async fn password_record(&self, identifier: &str) -> Result<Option<PasswordRecord>, SeamError>;
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
