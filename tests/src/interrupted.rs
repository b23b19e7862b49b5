use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use grantway_core::ids::GrantId;
use grantway_core::seam::{
    GrantLedger, GrantStanding, Held, IssueCode, Redeem, Redemption, Rotate, Rotation, SeamError,
};
use grantway_core::secret::Secret;

/// A ledger of grants that lets something happen just before it opens one.
pub(crate) struct Interrupted {
    ledger: Arc<dyn GrantLedger>,
    meanwhile: Arc<Meanwhile>,
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

impl Interrupted {
    pub(crate) fn new(ledger: Arc<dyn GrantLedger>, meanwhile: Arc<Meanwhile>) -> Self {
        Self { ledger, meanwhile }
    }
}

#[async_trait]
impl GrantLedger for Interrupted {
    async fn issue_code(&self, issue: IssueCode<'_>) -> Result<Secret, SeamError> {
        self.meanwhile.happen().await;
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

impl fmt::Debug for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ledger.fmt(f)
    }
}
