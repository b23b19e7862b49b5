use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::ids::{InstanceId, SessionId, Subject};
use grantway_core::seam::{Clock, Entropy, SeamError, SessionLedger, SessionList};
use grantway_core::secret::Secret;
use grantway_core::session::Session;

use crate::traits::SessionStore;

/// Sign-ins over any store.
#[derive(Debug)]
pub struct Sessions<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl<S: SessionStore> Sessions<S> {
    /// The sign-ins of an instance.
    #[must_use]
    pub const fn new(
        store: Arc<S>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { store, instance, clock, entropy }
    }
}

#[async_trait]
impl<S: SessionStore> SessionLedger for Sessions<S> {
    async fn begin(&self, session: &Session) -> Result<Secret, SeamError> {
        let cookie = Secret::draw(&*self.entropy, "ses_");
        self.store.insert_session(&self.instance, &digest(&cookie), session).await?;
        Ok(cookie)
    }

    async fn find(&self, cookie: &Secret) -> Result<Option<Session>, SeamError> {
        let session = self.store.find_session(&self.instance, &digest(cookie)).await?;
        Ok(session.filter(|session| session.expires_at > self.clock.now()))
    }

    async fn end(&self, cookie: &Secret) -> Result<(), SeamError> {
        self.store.delete_session(&self.instance, &digest(cookie)).await
    }

    async fn end_all(&self, subject: &Subject, except: Option<&SessionId>) -> Result<u64, SeamError> {
        self.store.delete_sessions_of(&self.instance, subject, except).await
    }
}

#[async_trait]
impl<S: SessionStore> SessionList for Sessions<S> {
    async fn of(&self, subject: &Subject) -> Result<Vec<Session>, SeamError> {
        self.store.sessions_of(&self.instance, subject, self.clock.now(), MOST_LISTED).await
    }

    async fn end_named(&self, subject: &Subject, sid: &SessionId) -> Result<bool, SeamError> {
        Ok(self.store.delete_session_named(&self.instance, subject, sid).await? > 0)
    }
}

fn digest(cookie: &Secret) -> TokenDigest {
    TokenDigest::of(DigestKind::Session, cookie)
}

/// More sign-ins than this no person reads through; she can end all of them at once.
const MOST_LISTED: u32 = 50;
