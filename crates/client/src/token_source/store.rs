//! Where a token source keeps its tokens.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use grantway_core::seam::SeamError;
use grantway_core::token_set::TokenSet;
use tokio::sync::OwnedMutexGuard;

/// Keeps the tokens of one grant, for one process or for several.
///
/// Asked by [`TokenSource`](crate::TokenSource). [`MemoryTokens`] and [`TokenFile`](crate::TokenFile) are here; a row of
/// a table is another.
#[async_trait]
pub trait TokenStore: Debug + Send + Sync {
    /// What is kept now. Waits for nobody who renews.
    async fn load(&self) -> Result<Option<TokenSet>, SeamError>;

    /// Waits until nobody else renews, in any process that shares the store, and then keeps the others waiting until the
    /// lease is released, is dropped, or the process that holds it has died. Whoever has waited too long says
    /// [`unavailable`](SeamError::unavailable).
    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError>;
}

/// The right to renew, held by one at a time.
#[async_trait]
pub trait TokenLease: Debug + Send {
    /// What is kept now.
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError>;

    /// Sees to it that a save finds room. Asked before a provider is asked to spend a refresh token, whose successor would
    /// be lost if it could not be kept. Where a save needs no room that others may take, there is nothing to do.
    async fn reserve(&mut self) -> Result<(), SeamError> {
        Ok(())
    }

    /// Puts that in the place of what is kept. When it returns [`Saved::Durably`], a power cut does not undo it.
    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError>;

    /// Removes what is kept, as durably as [`save`](Self::save) keeps.
    async fn forget(&mut self) -> Result<Saved, SeamError>;

    /// Lets the next have it, and returns when he can: whoever waits for the token may end the process right after.
    ///
    /// The last thing asked of every lease, but for one whose task was dropped. If that fails, it runs out by itself.
    async fn release(self: Box<Self>);
}

/// What became of tokens that were to be saved, or forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is done.
    Durably,
    /// It is not: the lease ran out, and another has it. Only a store whose leases run out says so.
    LeaseLost,
}

/// Keeps tokens as long as the process lives.
#[derive(Clone, Debug, Default)]
pub struct MemoryTokens {
    kept: Arc<Mutex<Option<TokenSet>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryTokens {
    /// With these to begin with.
    #[must_use]
    pub fn new(tokens: TokenSet) -> Self {
        Self { kept: Arc::new(Mutex::new(Some(tokens))), turn: Arc::default() }
    }
}

#[async_trait]
impl TokenStore for MemoryTokens {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        Ok(kept(&self.kept))
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        Ok(Box::new(MemoryLease { kept: Arc::clone(&self.kept), _turn: turn }))
    }
}

#[derive(Debug)]
struct MemoryLease {
    kept: Arc<Mutex<Option<TokenSet>>>,
    _turn: OwnedMutexGuard<()>,
}

#[async_trait]
impl TokenLease for MemoryLease {
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError> {
        Ok(kept(&self.kept))
    }

    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError> {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        Ok(Saved::Durably)
    }

    async fn forget(&mut self) -> Result<Saved, SeamError> {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(Saved::Durably)
    }

    async fn release(self: Box<Self>) {}
}

fn kept(kept: &Mutex<Option<TokenSet>>) -> Option<TokenSet> {
    kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
