//! What a token source holds, and when it has something newer brought.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grantway_core::freshness::renewed_at;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_core::token_set::TokenSet;
use tokio::sync::watch;

use super::error::TokenError;
use super::flight::{Fault, Flight, Flown, Outcome};
use super::renewal::Renewal;
use super::setback::{PAUSE, Setback};
use super::store::{Saved, TokenStore};
use super::unsaved::{MOST_LEASES, Unsaved};
use super::want::Want;
use crate::client::Client;
use crate::reply::Tolerance;

/// What a caller does next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Takes these, and lets that renewal begin.
    Serve(Arc<TokenSet>, Option<Launch>),
    /// Gives up.
    Refuse(TokenError),
    /// Lets that renewal begin, and waits for it.
    Launch(Launch, Flight),
    /// Waits for one that another began.
    Join(Flight),
}

/// A token source's belongings, shared by its clones.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) client: Client,
    pub(crate) renewal: Renewal,
    pub(crate) store: Arc<dyn TokenStore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    setback: Option<Setback>,
    /// What was odd about the last reply.
    tolerances: Vec<Tolerance>,
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

    pub(crate) fn tolerances(&self) -> Vec<Tolerance> {
        self.state().tolerances.clone()
    }

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

    /// Takes note of what came of a renewal, and says it as callers are told.
    pub(crate) fn land(self: &Arc<Self>, flown: Result<Flown, Fault>, replaced: u64) -> Outcome {
        let now = self.now();
        let mut state = self.state();
        state.flight = None;
        self.see_to_unsaved(&mut state);
        if let Some(held) = state.held.as_ref().filter(|_| state.replaced != replaced) {
            return Ok(Arc::clone(&held.tokens));
        }
        match flown {
            Ok(Flown { tokens, trouble, tolerances }) => {
                // A provider whose tokens are over when they come is not asked again for every caller.
                let over = || TokenError::TooShort { wanted: Duration::ZERO, left: Duration::ZERO };
                let trouble = trouble.or_else(|| (!tokens.lives_at(now)).then(over));
                state.setback = trouble.map(|error| Setback::new(now, error, None));
                state.tolerances = tolerances;
                Ok(self.hold(&mut state, tokens))
            }
            Err(Fault::Known(error)) => {
                if let Some(setback) = &mut state.setback {
                    setback.confirm(now);
                }
                Err(error)
            }
            Err(Fault::New { error, refused }) => {
                let end = state.held.as_ref().and_then(|held| held.tokens.expires_at);
                state.setback = Some(Setback::new(now, error.clone(), refused).shortened(end));
                Err(error)
            }
        }
    }

    /// Others wait for the lease of what could not be saved, so it does not wait for a caller.
    fn see_to_unsaved(self: &Arc<Self>, state: &mut State) {
        if state.unsaved.is_some() && !state.reminded {
            state.reminded = true;
            self.remind();
        }
    }

    /// A renewal ended without a result.
    pub(crate) fn crash(&self) {
        self.state().flight = None;
    }

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

    pub(crate) async fn replace(self: &Arc<Self>, tokens: TokenSet) -> Outcome {
        let mut unsaved = self.take_unsaved();
        let saved = self.put(&tokens, unsaved.as_mut()).await;
        let mut state = self.state();
        if let Err(broken) = saved {
            if unsaved.is_some() {
                state.unsaved = unsaved;
            }
            self.see_to_unsaved(&mut state);
            return Err(broken.into());
        }
        state.replaced += 1;
        state.setback = None;
        state.tolerances.clear();
        Ok(self.hold(&mut state, tokens))
    }

    /// Into the store, with the lease of what could not be saved if that is still good.
    async fn put(&self, tokens: &TokenSet, mut unsaved: Option<&mut Unsaved>) -> Result<(), SeamError> {
        for _ in 0..MOST_LEASES {
            let mut lease = match unsaved.as_mut().and_then(|unsaved| unsaved.lease.take()) {
                Some(lease) => lease,
                None => self.store.lease().await?,
            };
            match lease.save(tokens).await {
                Ok(Saved::Durably) => {
                    lease.release().await;
                    return Ok(());
                }
                Ok(Saved::LeaseLost) => {}
                Err(broken) => {
                    if let Some(unsaved) = unsaved {
                        unsaved.lease = Some(lease);
                    }
                    return Err(broken);
                }
            }
        }
        Err(SeamError::unavailable("token store", "each lease ran out before there was something to save"))
    }

    pub(crate) fn take_unsaved(&self) -> Option<Unsaved> {
        self.state().unsaved.take()
    }

    pub(crate) fn keep_unsaved(&self, unsaved: Unsaved) {
        self.state().unsaved = Some(unsaved);
    }

    /// Is there a point in asking the provider now, with these?
    pub(crate) fn may_ask(&self, kept: Option<&TokenSet>) -> Result<(), Fault> {
        let now = self.now();
        match &self.state().setback {
            Some(setback) if setback.stands(kept, now) => Err(Fault::Known(setback.error.clone())),
            _ => Ok(()),
        }
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

/// A renewal that is about to begin. It ends, however it ends.
#[derive(Debug)]
pub(crate) struct Launch {
    keeper: Arc<Keeper>,
    want: Want,
    replaced: u64,
    tell: watch::Sender<Option<Outcome>>,
    landed: bool,
}

impl Launch {
    pub(crate) fn new(keeper: Arc<Keeper>, want: Want, replaced: u64) -> (Self, Flight) {
        let (tell, flight) = watch::channel(None);
        (Self { keeper, want, replaced, tell, landed: false }, flight)
    }

    /// Begins, in a task of its own.
    pub(crate) fn go(mut self) {
        tokio::spawn(async move {
            let flown = self.keeper.fly(&self.want).await;
            let outcome = self.keeper.land(flown, self.replaced);
            self.landed = true;
            self.tell.send_replace(Some(outcome));
        });
    }
}

impl Drop for Launch {
    fn drop(&mut self) {
        if !self.landed {
            self.keeper.crash();
        }
    }
}

/// Was it then, and not long ago?
fn within(then: Timestamp, now: Timestamp) -> bool {
    (then..then.plus(PAUSE)).contains(&now)
}
