use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::{SessionId, Subject};
use crate::secret::Secret;
use crate::session::Session;

/// Keeps sign-ins. A session is named by a secret in the browser's cookie, of which only a digest rests.
///
/// Asked by login; kept by store.
#[async_trait]
pub trait SessionLedger: Debug + Send + Sync {
    /// Keeps a new session and returns the cookie's value. Each sign-in gets a new one.
    async fn begin(&self, session: &Session) -> Result<Secret, SeamError>;

    /// The session of that cookie, unless it has expired or ended.
    async fn find(&self, cookie: &Secret) -> Result<Option<Session>, SeamError>;

    /// Ends the session of that cookie. Ending what is gone is no error.
    async fn end(&self, cookie: &Secret) -> Result<(), SeamError>;

    /// Ends every session of a person, except one if it is named, and says how many there were.
    async fn end_all(&self, subject: &Subject, except: Option<&SessionId>) -> Result<u64, SeamError>;
}

/// What a person sees and ends of her own sign-ins, wherever they are.
///
/// Asked by login for her account page; implemented by store beside [`SessionLedger`].
#[async_trait]
pub trait SessionList: Debug + Send + Sync {
    /// The sessions of a person that have neither expired nor ended, the latest sign-in first: no more than a page
    /// can show.
    async fn of(&self, subject: &Subject) -> Result<Vec<Session>, SeamError>;

    /// Ends the session of that name, if it is hers, and says whether there was one.
    async fn end_named(&self, subject: &Subject, sid: &SessionId) -> Result<bool, SeamError>;
}
