use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use grantway_core::ids::{ClientId, GrantId, Subject};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{
    Agreement, ConsentLedger, GrantLedger, GrantStanding, Held, IssueCode, Redeem, Redemption, Rotate,
    Rotation, SeamError,
};
use grantway_core::secret::Secret;

/// A ledger of grants that lets something happen just before it opens one.
pub(crate) struct InterruptedGrants {
    pub(crate) ledger: Arc<dyn GrantLedger>,
    pub(crate) before: Arc<Meanwhile>,
}

/// A ledger of consents that lets something happen just before it remembers one.
pub(crate) struct InterruptedConsents {
    pub(crate) ledger: Arc<dyn ConsentLedger>,
    pub(crate) before: Arc<Meanwhile>,
}

/// What happens, once.
#[derive(Default)]
pub(crate) struct Meanwhile(Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Meanwhile {
    pub(crate) fn is(&self, what: impl Future<Output = ()> + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::pin(what));
    }

    async fn happen(&self) {
        let what = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(what) = what {
            what.await;
        }
    }
}

#[async_trait]
impl ConsentLedger for InterruptedConsents {
    async fn recall(&self, subject: &Subject, client: &ClientId) -> Result<ScopeSet, SeamError> {
        self.ledger.recall(subject, client).await
    }

    async fn remember(
        &self,
        subject: &Subject,
        client: &ClientId,
        scopes: &ScopeSet,
    ) -> Result<(), SeamError> {
        self.before.happen().await;
        self.ledger.remember(subject, client, scopes).await
    }

    async fn agreements(&self, subject: &Subject) -> Result<Vec<Agreement>, SeamError> {
        self.ledger.agreements(subject).await
    }

    async fn forget(&self, subject: &Subject, client: &ClientId) -> Result<bool, SeamError> {
        self.ledger.forget(subject, client).await
    }
}

impl fmt::Debug for InterruptedConsents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ledger.fmt(f)
    }
}

#[async_trait]
impl GrantLedger for InterruptedGrants {
    async fn issue_code(&self, issue: IssueCode<'_>) -> Result<Secret, SeamError> {
        self.before.happen().await;
        self.ledger.issue_code(issue).await
    }

    async fn redeem(&self, redeem: Redeem<'_>) -> Result<Redemption, SeamError> {
        self.ledger.redeem(redeem).await
    }

    async fn rotate(&self, rotate: Rotate<'_>) -> Result<Rotation, SeamError> {
        self.ledger.rotate(rotate).await
    }

    async fn look_up(&self, held: Held<'_>) -> Result<GrantStanding, SeamError> {
        self.ledger.look_up(held).await
    }

    async fn revoke(&self, grant: GrantId) -> Result<(), SeamError> {
        self.ledger.revoke(grant).await
    }
}

impl fmt::Debug for InterruptedGrants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ledger.fmt(f)
    }
}
