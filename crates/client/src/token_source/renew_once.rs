//! One renewal: from the store to the provider and back.

use grantway_core::failure::FailureClass;
use grantway_core::seam::SeamError;
use grantway_core::token_set::TokenSet;

use super::error::TokenError;
use super::flight::{Fault, Flown};
use super::keeper::Keeper;
use super::store::{Saved, TokenLease};
use super::unsaved::{MOST_LEASES, Unsaved, same_refresh_token};
use super::want::Want;
use crate::client::Granted;
use crate::setup_fault::SetupFault;

impl Keeper {
    /// Tokens as they are wanted: from the store if another process put them there, else from the provider.
    pub(crate) async fn fly(&self, want: &Want) -> Result<Flown, Fault> {
        if let Some(unsaved) = self.take_unsaved() {
            let flown = self.save(unsaved).await?;
            if want.is_met(&flown.tokens, self.now()) {
                return Ok(flown);
            }
        }
        let kept = self.store.load().await?;
        if let Some(tokens) = self.enough(kept.as_ref(), want) {
            return Ok(tokens);
        }
        self.may_ask(kept.as_ref())?;
        let mut lease = self.store.lease().await?;
        match self.ask(&mut *lease, want).await {
            Ok(Asked::Granted(before, granted)) => {
                let Granted { tokens, tolerances, .. } = *granted;
                self.save(Unsaved { lease: Some(lease), before, tokens, tolerances }).await
            }
            Ok(Asked::Kept(flown)) => {
                lease.release().await;
                Ok(flown)
            }
            Err(fault) => {
                lease.release().await;
                Err(fault)
            }
        }
    }

    async fn ask(&self, lease: &mut dyn TokenLease, want: &Want) -> Result<Asked, Fault> {
        // Whoever held the lease before has renewed.
        let mut before = lease.load().await?;
        if let Some(flown) = self.enough(before.as_ref(), want) {
            return Ok(Asked::Kept(flown));
        }
        self.may_ask(before.as_ref())?;
        if self.renewal.spends_refresh_tokens() {
            lease.reserve().await?;
        }
        let mut asked = self.renewal.ask(&self.client, before.as_ref()).await;
        if asked.as_ref().is_err_and(|error| error.class() == FailureClass::Reauthorize) {
            // Somebody who does not know of leases may have renewed meanwhile.
            let kept = lease.load().await?;
            if !same_refresh_token(before.as_ref(), kept.as_ref()) {
                if let Some(flown) = self.enough(kept.as_ref(), want) {
                    return Ok(Asked::Kept(flown));
                }
                before = kept;
                asked = self.renewal.ask(&self.client, before.as_ref()).await;
            }
        }
        match asked {
            Ok(granted) => Ok(Asked::Granted(before, Box::new(granted))),
            Err(error) => {
                let for_good =
                    error.class() == FailureClass::Reauthorize && self.renewal.spends_refresh_tokens();
                let refused = before.and_then(|before| before.refresh_token).filter(|_| for_good);
                Err(Fault::New { error: error.into(), refused })
            }
        }
    }

    async fn save(&self, unsaved: Unsaved) -> Result<Flown, Fault> {
        let mut held = InHand { keeper: self, unsaved: Some(unsaved) };
        for _ in 0..MOST_LEASES {
            let Some(unsaved) = &mut held.unsaved else { break };
            match self.save_once(unsaved).await {
                Ok(SavedOnce::Own) => return held.let_go(None).await,
                Ok(SavedOnce::Others(kept)) => {
                    held.unsaved = None;
                    return Ok((*kept).into());
                }
                // Somebody signed out: what nobody wants any more is not kept.
                Ok(SavedOnce::Emptied) => {
                    held.unsaved = None;
                    return Err(SetupFault::NothingKept.into());
                }
                Ok(SavedOnce::LeaseLost) => unsaved.lease = None,
                Err(broken) => return self.unsaved(held, broken.into()).await,
            }
        }
        let lost =
            SeamError::unavailable("token store", "each lease ran out before there was something to save");
        self.unsaved(held, lost.into()).await
    }

    async fn save_once(&self, unsaved: &mut Unsaved) -> Result<SavedOnce, SeamError> {
        let lease = match &mut unsaved.lease {
            Some(lease) => lease,
            none => {
                let mut lease = self.store.lease().await?;
                let kept = lease.load().await?;
                // Who had the lease meanwhile may have put others there, and these are good.
                if !same_refresh_token(unsaved.before.as_ref(), kept.as_ref()) {
                    lease.release().await;
                    return Ok(kept.map_or(SavedOnce::Emptied, |kept| SavedOnce::Others(Box::new(kept))));
                }
                none.insert(lease)
            }
        };
        Ok(match lease.save(&unsaved.tokens).await? {
            Saved::Durably => SavedOnce::Own,
            Saved::LeaseLost => SavedOnce::LeaseLost,
        })
    }

    /// The store did not take them.
    async fn unsaved(&self, held: InHand<'_>, error: TokenError) -> Result<Flown, Fault> {
        let rotated = held.unsaved.as_ref().is_some_and(|unsaved| {
            self.renewal.spends_refresh_tokens()
                && !same_refresh_token(unsaved.before.as_ref(), Some(&unsaved.tokens))
        });
        if rotated {
            return Err(Fault::New { error, refused: None });
        }
        // What is kept buys the next ones as well.
        held.let_go(Some(error)).await
    }

    fn enough(&self, kept: Option<&TokenSet>, want: &Want) -> Option<Flown> {
        kept.filter(|kept| want.is_met(kept, self.now())).cloned().map(Flown::from)
    }
}

/// Tokens on their way to the store: whatever ends that way, they are not lost.
struct InHand<'a> {
    keeper: &'a Keeper,
    unsaved: Option<Unsaved>,
}

impl InHand<'_> {
    /// They are saved, or need not be.
    async fn let_go(mut self, trouble: Option<TokenError>) -> Result<Flown, Fault> {
        let Unsaved { lease, tokens, tolerances, .. } = self.unsaved.take().ok_or(SetupFault::NothingKept)?;
        if let Some(lease) = lease {
            lease.release().await;
        }
        Ok(Flown { tokens, trouble, tolerances })
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        if let Some(unsaved) = self.unsaved.take() {
            self.keeper.keep_unsaved(unsaved);
        }
    }
}

/// What a lease was good for.
enum Asked {
    /// Nothing: the store holds what is wanted.
    Kept(Flown),
    /// New tokens, in the place of those.
    Granted(Option<TokenSet>, Box<Granted>),
}

/// What came of one attempt.
enum SavedOnce {
    Own,
    /// The store holds others, and these are good.
    Others(Box<TokenSet>),
    /// The store holds nothing any more.
    Emptied,
    LeaseLost,
}
