//! What is kept, when, and by whom.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::failure::FailureClass;
use grantway_core::seam::SeamError;
use grantway_core::token_set::TokenSet;
use serde_json::json;
use tokio::sync::{Barrier, Semaphore, watch};
use tokio::task::JoinSet;

use super::{FakeProvider, granted, member, refusal, rotating, settled, shows};
use crate::{MemoryTokens, Saved, TokenError, TokenFile, TokenLease, TokenSource, TokenStore};

/// Keeps tokens, with the troubles of a disk or a database.
#[derive(Clone, Debug, Default)]
struct Troubled {
    kept: Kept,
    /// So many attempts to save fail.
    failing: Arc<AtomicUsize>,
    /// There is no room for a save.
    full: bool,
    /// So many leases run out before they are used.
    running_out: Arc<AtomicUsize>,
    /// What somebody saves while a lease has run out.
    meanwhile: Option<TokenSet>,
    /// Saving waits for it.
    gate: Option<Arc<Semaphore>>,
    /// What was read waits for it before it is given, twice.
    slow: Option<Arc<Barrier>>,
    /// So many have asked for the lease.
    wanting: Arc<watch::Sender<usize>>,
}

#[derive(Clone, Debug)]
struct Kept(Arc<dyn TokenStore>);

impl Default for Kept {
    fn default() -> Self {
        Self(Arc::new(MemoryTokens::default()))
    }
}

impl Troubled {
    fn new(tokens: TokenSet) -> Self {
        Self { kept: Kept(Arc::new(MemoryTokens::new(tokens))), ..Self::default() }
    }
}

#[async_trait]
impl TokenStore for Troubled {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        let kept = self.kept.0.load().await;
        if let Some(slow) = &self.slow {
            slow.wait().await;
            slow.wait().await;
        }
        kept
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        self.wanting.send_modify(|wanting| *wanting += 1);
        Ok(Box::new(TroubledLease { store: self.clone(), lease: Some(self.kept.0.lease().await?) }))
    }
}

#[derive(Debug)]
struct TroubledLease {
    store: Troubled,
    lease: Option<Box<dyn TokenLease>>,
}

#[async_trait]
impl TokenLease for TroubledLease {
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError> {
        self.store.load().await
    }

    async fn reserve(&mut self) -> Result<(), SeamError> {
        if self.store.full { Err(SeamError::unavailable("store", "the disk is full")) } else { Ok(()) }
    }

    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError> {
        let left = |count: &AtomicUsize| {
            count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
        };
        if let Some(gate) = &self.store.gate {
            gate.acquire().await.unwrap().forget();
        }
        if left(&self.store.failing) {
            return Err(SeamError::unavailable("store", "the disk is full"));
        }
        if left(&self.store.running_out) {
            self.lease = None;
            if let Some(tokens) = &self.store.meanwhile {
                self.store.kept.0.lease().await?.save(tokens).await?;
            }
        }
        match &mut self.lease {
            Some(lease) => lease.save(tokens).await,
            None => Ok(Saved::LeaseLost),
        }
    }

    async fn forget(&mut self) -> Result<Saved, SeamError> {
        match &mut self.lease {
            Some(lease) => lease.forget().await,
            None => Ok(Saved::LeaseLost),
        }
    }

    async fn release(self: Box<Self>) {}
}

#[tokio::test]
async fn where_new_tokens_would_find_no_room_no_refresh_token_is_spent() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Troubled { full: true, ..Troubled::new(provider.tokens("a1", Some("r1"))) };
    let source = TokenSource::kept(provider.client(), Arc::new(store));
    provider.later(3600);

    let refused = source.fresh().await.unwrap_err();

    assert!(refused.to_string().contains("the disk is full"), "{refused}");
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn nobody_sees_new_tokens_before_they_are_kept() {
    let provider = FakeProvider::new(rotating()).await;
    let gate = Arc::new(Semaphore::new(0));
    let store =
        Troubled { gate: Some(Arc::clone(&gate)), ..Troubled::new(provider.tokens("a1", Some("r1"))) };
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    shows(&source, "a1").await;
    provider.later(3600);

    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let (source, store) = (source.clone(), store.clone());
        callers.spawn(async move {
            let seen = source.fresh().await.unwrap();
            let kept = store.load().await.unwrap().unwrap();
            kept.access_token.matches(seen.access_token.expose())
        });
    }
    provider.is_asked(1).await;
    assert!(callers.try_join_next().is_none());
    assert_eq!(source.current().unwrap().access_token.expose(), "a1");
    gate.add_permits(1);

    assert_eq!(callers.join_all().await, [true; 10]);
    shows(&source, "a2").await;
}

#[tokio::test]
async fn a_rotated_token_that_cannot_be_saved_waits_with_the_lease_and_is_not_lost() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Troubled::new(provider.tokens("a1", Some("r1")));
    store.failing.store(2, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    let sibling = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    provider.later(3600);

    for _ in 0..2 {
        let error = source.fresh().await.unwrap_err();
        assert_eq!(error.class(), FailureClass::Transient);
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
    let waiting =
        tokio::spawn(async move { sibling.fresh().await.unwrap().access_token.expose().to_owned() });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());

    shows(&source, "a2").await;
    assert_eq!(waiting.await.unwrap(), "a2");
    assert_eq!(store.load().await.unwrap().unwrap().refresh_token.unwrap().expose(), "r2");
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn a_token_that_cannot_be_saved_is_served_if_nothing_is_lost_with_it() {
    let provider = FakeProvider::new(|_| granted(&json!({ "access_token": "a2", "expires_in": 3600 }))).await;
    let store = Troubled::new(provider.tokens("a1", Some("r1")));
    store.failing.store(1, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store));
    provider.later(3600);

    shows(&source, "a2").await;
    assert!(source.trouble().unwrap().to_string().contains("the disk is full"));
    shows(&source, "a2").await;
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn after_a_lease_ran_out_the_tokens_are_saved_under_the_next() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Troubled::new(provider.tokens("a1", Some("r1")));
    store.running_out.store(1, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    provider.later(3600);

    shows(&source, "a2").await;

    assert_eq!(store.load().await.unwrap().unwrap().refresh_token.unwrap().expose(), "r2");
}

#[tokio::test]
async fn after_a_lease_ran_out_what_another_saved_is_not_overwritten() {
    let provider = FakeProvider::new(rotating()).await;
    let mut theirs = provider.tokens("theirs", Some("their refresh token"));
    theirs.expires_at = None;
    let store = Troubled { meanwhile: Some(theirs), ..Troubled::new(provider.tokens("a1", Some("r1"))) };
    store.running_out.store(1, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    provider.later(3600);

    shows(&source, "theirs").await;

    assert_eq!(store.load().await.unwrap().unwrap().access_token.expose(), "theirs");
}

#[tokio::test]
async fn what_another_process_has_stored_is_used_without_asking() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Arc::new(MemoryTokens::new(provider.tokens("a1", Some("r1"))));
    let source = TokenSource::kept(provider.client(), Arc::clone(&store) as Arc<dyn TokenStore>);
    shows(&source, "a1").await;
    let refused = source.current().unwrap();

    store.lease().await.unwrap().save(&provider.tokens("b1", Some("s1"))).await.unwrap();
    // Nobody tells it.
    shows(&source, "a1").await;
    assert_eq!(source.renew(&refused).await.unwrap().access_token.expose(), "b1");

    provider.later(3600 - 30);
    store.lease().await.unwrap().save(&provider.tokens("b2", Some("s2"))).await.unwrap();
    shows(&source, "b1").await;
    settled(&source).await;
    shows(&source, "b2").await;
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn a_refusal_is_remembered_until_the_store_holds_other_tokens() {
    let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
    let store = Arc::new(MemoryTokens::new(provider.tokens("a1", Some("r1"))));
    let source = TokenSource::kept(provider.client(), Arc::clone(&store) as Arc<dyn TokenStore>);
    provider.later(3600);
    for _ in 0..2 {
        assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Reauthorize);
    }

    store.lease().await.unwrap().save(&provider.tokens("b1", Some("s1"))).await.unwrap();

    shows(&source, "b1").await;
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn after_a_refusal_the_store_is_read_again_for_what_somebody_without_a_lease_put_there() {
    for alive in [true, false] {
        let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
        let store =
            Interfered { kept: MemoryTokens::new(provider.tokens("a1", Some("r1"))), theirs: Arc::default() };
        let mut theirs = provider.tokens("b1", Some("s1"));
        provider.later(3600);
        if alive {
            theirs = provider.tokens("b1", Some("s1"));
        }
        let (put, kept) = (Arc::clone(&store.theirs), theirs.clone());
        provider.behave(move |form| {
            if member(form, "refresh_token") == "s1" {
                return granted(&json!({ "access_token": "b2", "expires_in": 3600, "refresh_token": "s2" }));
            }
            *put.lock().unwrap() = Some(kept.clone());
            refusal(400, "invalid_grant")
        });
        let source = TokenSource::kept(provider.client(), Arc::new(store));

        shows(&source, if alive { "b1" } else { "b2" }).await;

        let shown: &[&str] = if alive { &["r1"] } else { &["r1", "s1"] };
        assert_eq!(provider.shown(), shown);
    }
}

/// Somebody writes there who does not ask for a lease.
#[derive(Clone, Debug)]
struct Interfered {
    kept: MemoryTokens,
    theirs: Arc<std::sync::Mutex<Option<TokenSet>>>,
}

#[async_trait]
impl TokenStore for Interfered {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        let theirs = self.theirs.lock().unwrap().clone();
        Ok(theirs.or(self.kept.load().await?))
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        Ok(Box::new(InterferedLease(self.clone())))
    }
}

#[derive(Debug)]
struct InterferedLease(Interfered);

#[async_trait]
impl TokenLease for InterferedLease {
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError> {
        self.0.load().await
    }

    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError> {
        *self.0.theirs.lock().unwrap() = Some(tokens.clone());
        Ok(Saved::Durably)
    }

    async fn forget(&mut self) -> Result<Saved, SeamError> {
        *self.0.theirs.lock().unwrap() = None;
        Ok(Saved::Durably)
    }

    async fn release(self: Box<Self>) {}
}

#[tokio::test]
async fn a_new_sign_in_stands_whatever_a_renewal_under_way_comes_to() {
    let provider = FakeProvider::held_back(rotating()).await;
    let source = provider.source();
    provider.later(3600 - 30);
    shows(&source, "a1").await;
    provider.is_asked(1).await;

    let replaced = tokio::spawn({
        let (source, tokens) = (source.clone(), provider.tokens("b1", Some("s1")));
        async move { source.replace(tokens).await }
    });
    provider.let_through(1);
    replaced.await.unwrap().unwrap();
    settled(&source).await;

    shows(&source, "b1").await;
}

#[tokio::test]
async fn a_new_sign_in_stands_whatever_was_read_before_it() {
    let provider = FakeProvider::new(rotating()).await;
    let slow = Arc::new(Barrier::new(2));
    let store =
        Troubled { slow: Some(Arc::clone(&slow)), ..Troubled::new(provider.tokens("a1", Some("r1"))) };
    let source = TokenSource::kept(provider.client(), Arc::new(store));
    let waiting = tokio::spawn({
        let source = source.clone();
        async move { source.fresh().await }
    });
    slow.wait().await;

    source.replace(provider.tokens("b1", Some("s1"))).await.unwrap();
    slow.wait().await;

    assert_eq!(waiting.await.unwrap().unwrap().access_token.expose(), "b1");
    shows(&source, "b1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sources_that_share_a_file_renew_once() {
    let provider = FakeProvider::held_back(rotating()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    file.lease().await.unwrap().save(&provider.tokens("a1", Some("r1"))).await.unwrap();
    let store = Troubled { kept: Kept(Arc::new(file)), ..Troubled::default() };
    provider.later(3600);

    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
        for _ in 0..25 {
            let source = source.clone();
            callers.spawn(async move { source.fresh().await.unwrap().access_token.expose().to_owned() });
        }
    }
    store.wanting.subscribe().wait_for(|wanting| *wanting == 8).await.unwrap();
    provider.is_asked(1).await;
    provider.let_through(8);

    assert!(callers.join_all().await.iter().all(|token| token == "a2"));
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn a_store_that_panics_leaves_nobody_waiting() {
    #[derive(Debug)]
    struct Panicking(AtomicUsize);

    #[async_trait]
    impl TokenStore for Panicking {
        async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
            let times = self.0.fetch_add(1, Ordering::SeqCst);
            panic!("for the {times}th time");
        }

        async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
            unreachable!("nobody comes so far")
        }
    }
    let provider = FakeProvider::new(rotating()).await;
    let source = TokenSource::kept(provider.client(), Arc::new(Panicking(AtomicUsize::new(0))));

    for _ in 0..2 {
        assert!(matches!(source.fresh().await, Err(TokenError::Abandoned)));
    }
}

#[tokio::test]
async fn a_store_that_is_broken_says_so_when_there_is_no_token_any_more() {
    let provider = FakeProvider::new(rotating()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("none").join("tokens.json"));
    let source = TokenSource::kept(provider.client(), Arc::new(file));

    let error = source.fresh().await.unwrap_err();

    assert_eq!(error.class(), FailureClass::Config);
    let TokenError::Client(within) = &error else { panic!("{error:?}") };
    assert!(within.source().is_some(), "{within:?}");
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn tokens_that_could_not_be_saved_outlive_a_sign_in_that_could_not_be_either() {
    let provider = FakeProvider::held_back(rotating()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json")).with_patience(Duration::from_millis(400));
    file.lease().await.unwrap().save(&provider.tokens("a1", Some("r1"))).await.unwrap();
    let store = Troubled { kept: Kept(Arc::new(file)), ..Troubled::default() };
    store.failing.store(1, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    provider.later(3600);
    let renewing = tokio::spawn({
        let source = source.clone();
        async move { source.fresh().await }
    });
    provider.is_asked(1).await;
    let replaced = tokio::spawn({
        let (source, tokens) = (source.clone(), provider.tokens("b1", Some("s1")));
        async move { source.replace(tokens).await }
    });
    store.wanting.subscribe().wait_for(|wanting| *wanting == 2).await.unwrap();
    provider.let_through(5);

    assert!(renewing.await.unwrap().is_err(), "it was not saved");
    assert!(replaced.await.unwrap().is_err(), "the lease is held for what was not saved");
    provider.later(60);
    shows(&source, "a2").await;
}

#[tokio::test]
async fn tokens_that_were_saved_too_late_are_renewed_for_the_first_caller() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Troubled::new(provider.tokens("a1", Some("r1")));
    store.failing.store(1, Ordering::SeqCst);
    let source = TokenSource::kept(provider.client(), Arc::new(store.clone()));
    provider.later(3600);
    assert!(source.fresh().await.is_err());
    provider.later(2 * 3600);
    shows(&source, "a3").await;
}
