//! A token that is always fresh.

mod error;
mod file;
mod flight;
mod keeper;
mod renew_once;
mod renewal;
mod setback;
mod store;
#[cfg(test)]
mod tests;
mod unsaved;
mod want;

use std::sync::Arc;
use std::time::Duration;

use grantway_core::token_set::TokenSet;

use self::flight::landed;
use self::keeper::{Keeper, Step};
use self::want::Want;
use crate::client::Client;
use crate::reply::Tolerance;

pub use self::error::TokenError;
pub use self::file::{TokenFile, TokenFileFault};
pub use self::renewal::{Renewal, RepeatedRequest};
pub use self::store::{MemoryTokens, Saved, TokenLease, TokenStore};

/// The tokens of one grant, kept fresh. Clones are the same source; it has no type parameters and belongs in a struct.
///
/// - A token is renewed a little [before its end](grantway_core::freshness::early_margin), in a task of its own, while
///   callers are served the one that is still valid. If the provider cannot be reached in that time, nobody notices.
/// - However many callers there are, the provider is asked once, and over a [store](TokenStore) that several processes
///   share, by one of them. A caller who goes away does not end the renewal.
/// - New tokens are saved before any caller sees them. If they cannot be saved, and the refresh token in them is a new
///   one, nobody gets them: they wait in memory, with the lease, until the store takes them; it is tried again every ten
///   seconds and with each call.
/// - Nothing is ever deleted. A refresh token that the provider refuses is not shown to it again, and the refusal is
///   repeated to callers until the store holds another.
///
/// Asked within a Tokio runtime.
///
/// ```
/// # use grantway_client::{Client, TokenError, TokenSource};
/// # use grantway_core::token_set::TokenSet;
/// struct Calendar {
///     tokens: TokenSource,
/// }
///
/// impl Calendar {
///     fn new(client: Client, tokens: TokenSet) -> Self {
///         Self { tokens: TokenSource::of(client, tokens) }
///     }
///
///     async fn bearer(&self) -> Result<String, TokenError> {
///         Ok(format!("Bearer {}", self.tokens.fresh().await?.access_token.expose()))
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TokenSource {
    pub(crate) keeper: Arc<Keeper>,
}

impl TokenSource {
    /// Of tokens that are kept in memory alone.
    #[must_use]
    pub fn of(client: Client, tokens: TokenSet) -> Self {
        let source = Self::kept(client, Arc::new(MemoryTokens::new(tokens.clone())));
        source.keeper.take(tokens);
        source
    }

    /// Of tokens that are kept there, and renewed by their refresh token. There need not be any yet: see
    /// [`replace`](Self::replace).
    #[must_use]
    pub fn kept(client: Client, store: Arc<dyn TokenStore>) -> Self {
        Self::new(client, Renewal::by_refresh_token(), store)
    }

    /// Of tokens for the client itself, in memory alone: there are none until the first caller wants one.
    pub fn for_client(client: Client, request: impl RepeatedRequest + 'static) -> Self {
        Self::new(client, Renewal::by_repeating(request), Arc::new(MemoryTokens::default()))
    }

    /// Of tokens that are renewed so and kept there.
    #[must_use]
    pub fn new(client: Client, renewal: Renewal, store: Arc<dyn TokenStore>) -> Self {
        Self { keeper: Arc::new(Keeper::new(client, renewal, store)) }
    }

    /// Tokens whose access token is good now. Waits only if there is none.
    pub async fn fresh(&self) -> Result<Arc<TokenSet>, TokenError> {
        self.fresh_for(Duration::ZERO).await
    }

    /// Tokens whose access token lives so long yet; one whose end the provider did not name does. Waits for a renewal
    /// if less is left, and says [`TooShort`](TokenError::TooShort) if the provider gives no such token. Then it is
    /// asked again after ten seconds at the earliest.
    pub async fn fresh_for(&self, min_ttl: Duration) -> Result<Arc<TokenSet>, TokenError> {
        self.wait_for(&Want::lasting(min_ttl)).await
    }

    /// Tokens in the place of those whose access token a resource has just refused. If they have been renewed meanwhile,
    /// these are given at once.
    ///
    /// A resource that refuses the next ones too does not mean the token: within ten seconds of such a renewal the same
    /// tokens come back.
    pub async fn renew(&self, refused: &Arc<TokenSet>) -> Result<Arc<TokenSet>, TokenError> {
        if self.keeper.renewed_lately(refused) {
            return Ok(Arc::clone(refused));
        }
        let tokens = self.wait_for(&Want::instead_of(Arc::clone(refused))).await?;
        self.keeper.remember_renewal(&tokens);
        Ok(tokens)
    }

    /// What is held in memory, good or not. Asks nobody.
    #[must_use]
    pub fn current(&self) -> Option<Arc<TokenSet>> {
        self.keeper.current()
    }

    /// Why the last renewal failed, if it did: to be told to somebody while the token at hand still serves.
    #[must_use]
    pub fn trouble(&self) -> Option<TokenError> {
        self.keeper.trouble()
    }

    /// What was odd about the reply of the last renewal, if this source brought it about itself.
    #[must_use]
    pub fn tolerances(&self) -> Vec<Tolerance> {
        self.keeper.tolerances()
    }

    /// Waits for a renewal under way, if there is one. A program that is about to end calls this first: with the runtime
    /// the renewal would end, and of a provider that rotates the new refresh token would be lost.
    pub async fn settle(&self) {
        while let Some(flight) = self.keeper.under_way() {
            // Callers are told what came of it.
            let _ = landed(flight).await;
        }
    }

    /// Saves the tokens of a new sign-in in the place of what there was. A renewal under way is waited for.
    pub async fn replace(&self, tokens: TokenSet) -> Result<Arc<TokenSet>, TokenError> {
        let keeper = Arc::clone(&self.keeper);
        let replaced = tokio::spawn(async move { keeper.replace(tokens).await });
        replaced.await.unwrap_or(Err(TokenError::Abandoned))
    }

    /// Lets a renewal begin that nobody waits for.
    pub(crate) fn renew_meanwhile(&self, refused: &Arc<TokenSet>) {
        if self.keeper.renewed_lately(refused) {
            return;
        }
        match self.keeper.look(&Want::instead_of(Arc::clone(refused))) {
            Step::Launch(launch, _) | Step::Serve(_, Some(launch)) => launch.go(),
            Step::Serve(_, None) | Step::Refuse(_) | Step::Join(_) => {}
        }
    }

    async fn wait_for(&self, want: &Want) -> Result<Arc<TokenSet>, TokenError> {
        loop {
            let (own, flight) = match self.keeper.look(want) {
                Step::Serve(tokens, launch) => {
                    if let Some(launch) = launch {
                        launch.go();
                    }
                    return Ok(tokens);
                }
                Step::Refuse(error) => return Err(error),
                Step::Launch(launch, flight) => {
                    launch.go();
                    (true, flight)
                }
                Step::Join(flight) => (false, flight),
            };
            let tokens = landed(flight).await?;
            if want.is_met(&tokens, self.keeper.now()) {
                return Ok(tokens);
            }
            // A renewal that another began may have been for less than this caller wants.
            if own {
                return want.made_do_with(tokens, self.keeper.now());
            }
        }
    }
}
