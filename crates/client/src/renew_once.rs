//! One renewal: from the store to the provider and back.

use grantway_core::failure::FailureClass;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;

use crate::flight::Want;
use crate::keeper::Keeper;
use crate::token_error::TokenError;
use crate::token_store::{Saved, TokenLease};

/// Tokens that the provider gave and the store did not take.
#[derive(Debug)]
pub(crate) struct Unsaved {
    pub(crate) lease: Option<Box<dyn TokenLease>>,
    before: Option<TokenSet>,
    tokens: TokenSet,
}

/// What a renewal that went well came to.
#[derive(Debug)]
pub(crate) struct Flown {
    pub(crate) tokens: TokenSet,
    /// They could not be saved, and nothing is lost if they never are.
    pub(crate) trouble: Option<TokenError>,
}

/// Why a renewal did not go well.
#[derive(Debug)]
pub(crate) enum Fault {
    /// For a reason that is known already; nobody was asked.
    Known(TokenError),
    /// Just now.
    New { error: TokenError, refused: Option<Secret> },
}

impl Keeper {
    /// Tokens as they are wanted: from the store if another process put them there, else from the provider.
    pub(crate) async fn fly(&self, want: &Want) -> Result<Flown, Fault> {
        if let Some(unsaved) = self.take_unsaved() {
            return self.save(unsaved).await;
        }
        let kept = self.store.load().await?;
        if let Some(tokens) = self.enough(kept.as_ref(), want) {
            return Ok(tokens);
        }
        self.may_ask(kept.as_ref())?;
        let mut lease = self.store.lease().await?;
        // Whoever held the lease before has renewed.
        let kept = lease.load().await?;
        if let Some(tokens) = self.enough(kept.as_ref(), want) {
            return Ok(tokens);
        }
        self.may_ask(kept.as_ref())?;
        self.ask(lease, kept, want).await
    }

    async fn ask(
        &self,
        mut lease: Box<dyn TokenLease>,
        mut before: Option<TokenSet>,
        want: &Want,
    ) -> Result<Flown, Fault> {
        let mut asked = self.renewal.ask(&self.client, before.as_ref()).await;
        if asked.as_ref().is_err_and(|error| error.class() == FailureClass::Reauthorize) {
            // Somebody who does not know of leases may have renewed meanwhile.
            let kept = lease.load().await?;
            if !same_refresh_token(before.as_ref(), kept.as_ref()) {
                if let Some(tokens) = self.enough(kept.as_ref(), want) {
                    return Ok(tokens);
                }
                before = kept;
                asked = self.renewal.ask(&self.client, before.as_ref()).await;
            }
        }
        match asked {
            Ok(tokens) => self.save(Unsaved { lease: Some(lease), before, tokens }).await,
            Err(error) => {
                let for_good =
                    error.class() == FailureClass::Reauthorize && self.renewal.spends_refresh_tokens();
                let refused = before.and_then(|before| before.refresh_token).filter(|_| for_good);
                Err(Fault::New { error: error.into(), refused })
            }
        }
    }

    async fn save(&self, mut unsaved: Unsaved) -> Result<Flown, Fault> {
        for _ in 0..MOST_LEASES {
            match self.save_once(&mut unsaved).await {
                Ok(Some(kept)) => return Ok(kept.into()),
                Ok(None) => unsaved.lease = None,
                Err(broken) => return self.unsaved(unsaved, broken.into()),
            }
        }
        let lost =
            SeamError::unavailable("token store", "each lease ran out before there was something to save");
        self.unsaved(unsaved, lost.into())
    }

    /// What is kept now. None: the lease ran out.
    async fn save_once(&self, unsaved: &mut Unsaved) -> Result<Option<TokenSet>, SeamError> {
        let lease = match &mut unsaved.lease {
            Some(lease) => lease,
            none => {
                let mut lease = self.store.lease().await?;
                let kept = lease.load().await?;
                // Who had the lease meanwhile may have put others there, and these are good.
                if !same_refresh_token(unsaved.before.as_ref(), kept.as_ref()) {
                    return Ok(kept);
                }
                none.insert(lease)
            }
        };
        let saved = lease.save(&unsaved.tokens).await?;
        Ok((saved == Saved::Durably).then(|| unsaved.tokens.clone()))
    }

    /// The store did not take them.
    fn unsaved(&self, unsaved: Unsaved, error: TokenError) -> Result<Flown, Fault> {
        let rotated = self.renewal.spends_refresh_tokens()
            && !same_refresh_token(unsaved.before.as_ref(), Some(&unsaved.tokens));
        if !rotated {
            // What is kept buys the next ones as well.
            return Ok(Flown { tokens: unsaved.tokens, trouble: Some(error) });
        }
        self.keep_unsaved(unsaved);
        Err(Fault::New { error, refused: None })
    }

    fn enough(&self, kept: Option<&TokenSet>, want: &Want) -> Option<Flown> {
        kept.filter(|kept| want.is_met(kept, self.now())).cloned().map(Flown::from)
    }
}

impl From<TokenSet> for Flown {
    fn from(tokens: TokenSet) -> Self {
        Self { tokens, trouble: None }
    }
}

impl<E: Into<TokenError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::New { error: error.into(), refused: None }
    }
}

fn same_refresh_token(one: Option<&TokenSet>, other: Option<&TokenSet>) -> bool {
    let of = |tokens: Option<&TokenSet>| tokens.and_then(|tokens| tokens.refresh_token.clone());
    match (of(one), of(other)) {
        (Some(one), Some(other)) => one.matches(other.expose()),
        (None, None) => true,
        _ => false,
    }
}

const MOST_LEASES: usize = 3;
