//! What a token source holds, and how it comes by something newer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grantway_core::failure::FailureClass;
use grantway_core::freshness::renewed_at;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_core::token_set::TokenSet;

use crate::client::Client;
use crate::flight::{Flight, Launch, Outcome, Step, Want};
use crate::renewal::Renewal;
use crate::token_error::TokenError;
use crate::token_store::{Saved, TokenLease, TokenStore};

/// A token source's belongings, shared by its clones.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) client: Client,
    renewal: Renewal,
    store: Arc<dyn TokenStore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    setback: Option<Setback>,
    unsaved: Option<Unsaved>,
    /// Somebody will see to them.
    reminded: bool,
    /// So often somebody has signed in anew. What a renewal of the time before comes to is of no interest.
    replaced: u64,
    /// After a resource refused the ones before, then.
    renewed: Option<(Timestamp, Arc<TokenSet>)>,
}

#[derive(Debug)]
struct Held {
    tokens: Arc<TokenSet>,
    due: Option<Timestamp>,
}

/// The last renewal failed.
#[derive(Debug)]
struct Setback {
    since: Timestamp,
    /// Nobody is asked before.
    until: Timestamp,
    error: TokenError,
    /// The provider refused this refresh token for good.
    refused: Option<Secret>,
}

/// Tokens that the provider gave and the store did not take.
#[derive(Debug)]
struct Unsaved {
    lease: Option<Box<dyn TokenLease>>,
    before: Option<TokenSet>,
    tokens: TokenSet,
}

/// What a renewal that went well came to.
#[derive(Debug)]
pub(crate) struct Flown {
    tokens: TokenSet,
    /// They could not be saved, and nothing is lost if they never are.
    trouble: Option<TokenError>,
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
    pub(crate) fn new(client: Client, renewal: Renewal, store: Arc<dyn TokenStore>) -> Self {
        Self { client, renewal, store, state: Mutex::default() }
    }

    /// Holds those, which the store has as well.
    pub(crate) fn take(&self, tokens: TokenSet) {
        self.hold(&mut self.state(), tokens);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.client.inner.parts.clock.now()
    }

    pub(crate) fn current(&self) -> Option<Arc<TokenSet>> {
        self.state().held.as_ref().map(|held| Arc::clone(&held.tokens))
    }

    pub(crate) fn trouble(&self) -> Option<TokenError> {
        self.state().setback.as_ref().map(|setback| setback.error.clone())
    }

    #[cfg(test)]
    pub(crate) fn under_way(&self) -> Option<Flight> {
        self.state().flight.clone()
    }

    /// What a caller does who wants that.
    pub(crate) fn look(self: &Arc<Self>, want: &Want) -> Step {
        let now = self.now();
        let mut state = self.state();
        if let Some(held) = &state.held {
            let tokens = Arc::clone(&held.tokens);
            if want.is_met(&tokens, now) {
                let begin = held.due.is_some_and(|due| due <= now)
                    && state.flight.is_none()
                    && !state.setback.as_ref().is_some_and(|setback| setback.lasts_at(now));
                let early = Want::instead_of(Arc::clone(&tokens));
                let launch = begin.then(|| self.launch(&mut state, early).0);
                return Step::Serve(tokens, launch);
            }
            if want.is_hopeless(&tokens) && within(tokens.issued_at, now) && tokens.lives_at(now) {
                return Step::Refuse(want.too_short(&tokens, now));
            }
        }
        if let Some(flight) = &state.flight {
            return Step::Join(flight.clone());
        }
        let (launch, flight) = self.launch(&mut state, want.clone());
        Step::Launch(launch, flight)
    }

    /// To be let go when the state is free again: where there is no runtime, it ends at once.
    fn launch(self: &Arc<Self>, state: &mut State, want: Want) -> (Launch, Flight) {
        let (launch, flight) = Launch::new(Arc::clone(self), want, state.replaced);
        state.flight = Some(flight.clone());
        (launch, flight)
    }

    /// Were these made because a resource refused the ones before, a moment ago?
    pub(crate) fn renewed_lately(&self, tokens: &TokenSet) -> bool {
        let now = self.now();
        self.state().renewed.as_ref().is_some_and(|(at, renewed)| {
            within(*at, now) && renewed.access_token.matches(tokens.access_token.expose())
        })
    }

    pub(crate) fn remember_renewal(&self, tokens: &Arc<TokenSet>) {
        let now = self.now();
        self.state().renewed = Some((now, Arc::clone(tokens)));
    }

    /// Tokens as they are wanted: from the store if another process put them there, else from the provider.
    pub(crate) async fn fly(&self, want: &Want) -> Result<Flown, Fault> {
        let unsaved = self.state().unsaved.take();
        if let Some(unsaved) = unsaved {
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

    async fn save(&self, unsaved: Unsaved) -> Result<Flown, Fault> {
        let Unsaved { mut lease, before, tokens } = unsaved;
        loop {
            let mut held = match lease.take() {
                Some(lease) => lease,
                None => match self.store.lease().await {
                    Ok(mut lease) => {
                        let kept = lease.load().await;
                        match kept {
                            // Who had the lease meanwhile may have put others there, and these are good.
                            Ok(Some(kept)) if !same_refresh_token(before.as_ref(), Some(&kept)) => {
                                return Ok(kept.into());
                            }
                            Ok(_) => lease,
                            Err(broken) => {
                                return self
                                    .unsaved(Unsaved { lease: Some(lease), before, tokens }, broken.into());
                            }
                        }
                    }
                    Err(broken) => {
                        return self.unsaved(Unsaved { lease: None, before, tokens }, broken.into());
                    }
                },
            };
            match held.save(&tokens).await {
                Ok(Saved::Durably) => return Ok(tokens.into()),
                Ok(Saved::LeaseLost) => {}
                Err(broken) => {
                    return self.unsaved(Unsaved { lease: Some(held), before, tokens }, broken.into());
                }
            }
        }
    }

    /// The store did not take them.
    fn unsaved(&self, unsaved: Unsaved, error: TokenError) -> Result<Flown, Fault> {
        let rotated = self.renewal.spends_refresh_tokens()
            && !same_refresh_token(unsaved.before.as_ref(), Some(&unsaved.tokens));
        if !rotated {
            // What is kept buys the next ones as well.
            return Ok(Flown { tokens: unsaved.tokens, trouble: Some(error) });
        }
        self.state().unsaved = Some(unsaved);
        Err(Fault::New { error, refused: None })
    }

    fn enough(&self, kept: Option<&TokenSet>, want: &Want) -> Option<Flown> {
        kept.filter(|kept| want.is_met(kept, self.now())).cloned().map(Flown::from)
    }

    /// Is there a point in asking the provider now, with these?
    fn may_ask(&self, kept: Option<&TokenSet>) -> Result<(), Fault> {
        let now = self.now();
        let state = self.state();
        let Some(setback) = &state.setback else { return Ok(()) };
        let stands = match &setback.refused {
            Some(refused) => kept
                .and_then(|kept| kept.refresh_token.as_ref())
                .is_some_and(|own| own.matches(refused.expose())),
            None => setback.lasts_at(now),
        };
        if stands { Err(Fault::Known(setback.error.clone())) } else { Ok(()) }
    }

    /// Takes note of what came of a renewal, and says it as callers are told.
    pub(crate) fn land(self: &Arc<Self>, flown: Result<Flown, Fault>, replaced: u64) -> Outcome {
        let now = self.now();
        let mut state = self.state();
        state.flight = None;
        if let Some(held) = state.held.as_ref().filter(|_| state.replaced != replaced) {
            return Ok(Arc::clone(&held.tokens));
        }
        let outcome = match flown {
            Ok(Flown { tokens, trouble }) => {
                state.setback = trouble.map(|error| Setback::new(now, error, None));
                Ok(self.hold(&mut state, tokens))
            }
            Err(Fault::Known(error)) => {
                if let Some(setback) = state.setback.as_mut().filter(|setback| setback.refused.is_some()) {
                    setback.until = now.plus(PAUSE);
                }
                Err(error)
            }
            Err(Fault::New { error, refused }) => {
                let mut setback = Setback::new(now, error.clone(), refused);
                setback.shorten(state.held.as_ref().and_then(|held| held.tokens.expires_at));
                state.setback = Some(setback);
                Err(error)
            }
        };
        if state.unsaved.is_some() && !state.reminded {
            state.reminded = true;
            self.remind();
        }
        outcome
    }

    /// A renewal ended without a result.
    pub(crate) fn crash(&self) {
        self.state().flight = None;
    }

    /// Others wait for the lease, so unsaved tokens do not wait for a caller.
    fn remind(self: &Arc<Self>) {
        let keeper = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(PAUSE).await;
            let Some(keeper) = keeper.upgrade() else { return };
            let launch = {
                let mut state = keeper.state();
                state.reminded = false;
                let begin = state.unsaved.is_some() && state.flight.is_none();
                begin.then(|| keeper.launch(&mut state, Want::lasting(Duration::ZERO)).0)
            };
            if let Some(launch) = launch {
                launch.go();
            }
        });
    }

    pub(crate) async fn replace(&self, tokens: TokenSet) -> Outcome {
        let mut unsaved = self.state().unsaved.take();
        let saved = self.put(&tokens, unsaved.as_mut().and_then(|unsaved| unsaved.lease.as_mut())).await;
        let mut state = self.state();
        if let Err(broken) = saved {
            state.unsaved = unsaved;
            return Err(broken.into());
        }
        state.replaced += 1;
        state.setback = None;
        Ok(self.hold(&mut state, tokens))
    }

    async fn put(&self, tokens: &TokenSet, lease: Option<&mut Box<dyn TokenLease>>) -> Result<(), SeamError> {
        if let Some(lease) = lease
            && lease.save(tokens).await? == Saved::Durably
        {
            return Ok(());
        }
        while self.store.lease().await?.save(tokens).await? == Saved::LeaseLost {}
        Ok(())
    }

    fn hold(&self, state: &mut State, tokens: TokenSet) -> Arc<TokenSet> {
        let mut drawn = [0];
        self.client.inner.parts.entropy.fill(&mut drawn);
        let due = tokens.expires_at.map(|end| renewed_at(tokens.issued_at, end, drawn[0]));
        let tokens = Arc::new(tokens);
        state.held = Some(Held { tokens: Arc::clone(&tokens), due });
        tokens
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Setback {
    fn new(now: Timestamp, error: TokenError, refused: Option<Secret>) -> Self {
        let until = match error.class() {
            FailureClass::RateLimited { until: Some(until) } => until,
            FailureClass::RateLimited { until: None }
            | FailureClass::Reauthorize
            | FailureClass::Config
            | FailureClass::Transient
            | FailureClass::Quirk => now.plus(PAUSE),
        };
        Self { since: now, until, error, refused }
    }

    /// Callers who have no token any more are not kept waiting for long by what may be over.
    fn shorten(&mut self, end: Option<Timestamp>) {
        if self.error.class() == FailureClass::Transient {
            let shortest = self.since.plus(SHORT_PAUSE);
            self.until = self.until.min(end.unwrap_or(shortest)).max(shortest);
        }
    }

    /// A clock that was set back does not make it last longer.
    fn lasts_at(&self, now: Timestamp) -> bool {
        (self.since..self.until).contains(&now)
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

/// Was it then, and not long ago?
fn within(then: Timestamp, now: Timestamp) -> bool {
    (then..then.plus(PAUSE)).contains(&now)
}

const PAUSE: Duration = Duration::from_secs(10);
const SHORT_PAUSE: Duration = Duration::from_secs(1);
