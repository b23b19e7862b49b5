//! Keys that somebody else publishes and changes when he likes: a `jwks_uri`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grantway_core::audit::{Audit, Event};
use grantway_core::jwk::{JwkSet, JwksUri, KEY_SET_MAX_AGE};
use grantway_core::seam::{Clock, Fetch, FetchRequest, Fetched, SeamError};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, StatusCode};
use quick_cache::sync::Cache;

use crate::key_set::KeySet;

/// Reads key sets of others and keeps them for a while: as long as they say, within bounds.
///
/// A token that names a key which is not among those kept makes it look again, so that a client may change its
/// keys at any time; and then not for some seconds if that came to nothing, so that nobody can make us ask somebody
/// else all the time. While the keys cannot be had, those of before are good for an hour.
pub struct RemoteKeys {
    reader: Arc<Reader>,
    published: Cache<JwksUri, Arc<Published>>,
}

/// What it takes to read.
struct Reader {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    audit: Arc<dyn Audit>,
}

/// One address.
#[derive(Default)]
struct Published {
    known: Mutex<Known>,
    /// Held by whoever asks: the others who want these keys have a use for the answer.
    asking: Arc<tokio::sync::Mutex<()>>,
}

/// What is known of it.
#[derive(Clone, Default)]
struct Known {
    kept: Option<Kept>,
    /// When a question was put that came to nothing, as far as is known.
    in_vain_at: Option<Instant>,
    /// Why the last question had no keys for an answer.
    trouble: Option<Arc<str>>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<JwkSet>,
    read_at: Instant,
    fresh_for: Duration,
}

impl RemoteKeys {
    /// Knows none yet.
    #[must_use]
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>, audit: Arc<dyn Audit>) -> Self {
        Self { reader: Arc::new(Reader { fetch, clock, audit }), published: Cache::new(MOST_KEPT) }
    }

    /// The keys that are published there, read anew if they are too old or do not have what is `needed`; or why
    /// they cannot be had.
    pub(crate) async fn keys(
        &self,
        uri: &JwksUri,
        needed: impl Fn(&JwkSet) -> bool + Send + Sync,
    ) -> Result<Result<Arc<JwkSet>, Arc<str>>, SeamError> {
        let published = self.published.get_or_insert_with(uri, || Ok::<_, SeamError>(Arc::default()))?;
        if let Some(keys) = self.fitting(&published.known(), &needed) {
            // Nobody waits here for an answer that a stranger's token made us ask for.
            return Ok(Ok(keys));
        }
        let asking = Arc::clone(&published.asking).lock_owned().await;
        let known = published.known();
        if let Some(keys) = self.fitting(&known, &needed) {
            return Ok(Ok(keys));
        }
        if known.in_vain_at.is_none_or(|in_vain_at| self.lasted(in_vain_at) >= REST) {
            // Whoever goes away in the middle leaves the answer to the next one.
            let read = tokio::spawn({
                let (reader, uri, published) =
                    (Arc::clone(&self.reader), uri.clone(), Arc::clone(&published));
                async move {
                    let _asking = asking;
                    reader.refresh(&uri, &published).await
                }
            });
            let read = read.await.map_err(|lost| SeamError::broken("remote keys", lost))??;
            if read.is_some_and(|keys| needed(&keys)) {
                published.change(|known| known.in_vain_at = None);
            }
        }
        let Known { kept, trouble, .. } = published.known();
        let kept = kept.filter(|kept| self.lasted(kept.read_at) < LONGEST_KEPT);
        Ok(kept
            .map(|kept| kept.keys)
            .ok_or_else(|| trouble.unwrap_or_else(|| "they could not be asked for a moment ago".into())))
    }

    /// The kept keys, if they are fresh and will do.
    fn fitting(&self, known: &Known, needed: impl Fn(&JwkSet) -> bool) -> Option<Arc<JwkSet>> {
        let kept = known.kept.as_ref()?;
        let good = self.lasted(kept.read_at) < kept.fresh_for && needed(&kept.keys);
        good.then(|| Arc::clone(&kept.keys))
    }

    fn lasted(&self, since: Instant) -> Duration {
        self.reader.clock.instant().saturating_duration_since(since)
    }
}

impl Reader {
    /// Asks, and writes down what came of it: the keys, or when it was in vain.
    async fn refresh(&self, uri: &JwksUri, published: &Published) -> Result<Option<Arc<JwkSet>>, SeamError> {
        let read_at = self.clock.instant();
        published.change(|known| known.in_vain_at = Some(read_at));
        match self.read(uri).await? {
            Ok((keys, fresh_for)) => {
                let keys = Arc::new(keys);
                let kept = Kept { keys: Arc::clone(&keys), read_at, fresh_for };
                published.change(|known| (known.kept, known.trouble) = (Some(kept), None));
                Ok(Some(keys))
            }
            Err(why) => {
                published.change(|known| known.trouble = Some(why.as_str().into()));
                self.audit.record(Event::KeysUnavailable { jwks_uri: uri.as_str().to_owned(), why });
                Ok(None)
            }
        }
    }

    async fn read(&self, uri: &JwksUri) -> Result<Result<(JwkSet, Duration), String>, SeamError> {
        let request =
            FetchRequest { url: uri.as_str(), accept: "application/jwk-set+json, application/json" };
        Ok(match self.fetch.fetch(request).await? {
            Fetched::Answer { status: StatusCode::OK, headers, body } => KeySet::from_json(&body)
                .map(|set| (set.usable, fresh_for(&headers)))
                .map_err(|fault| fault.to_string()),
            Fetched::Answer { status, .. } => Err(format!("the answer is {status}")),
            Fetched::Refused(fault) => Err(fault.to_string()),
        })
    }
}

impl Published {
    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys").field("fetch", &self.reader.fetch).finish_non_exhaustive()
    }
}

/// As long as `max-age` says (RFC 9111 section 5.2.2.1), within bounds.
fn fresh_for(headers: &HeaderMap) -> Duration {
    let directives = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let max_age = directives
        .flat_map(|list| list.split(','))
        .filter_map(|directive| directive.trim().split_once('='))
        .filter(|(name, _)| name.eq_ignore_ascii_case("max-age"))
        .find_map(|(_, seconds)| seconds.trim_matches('"').parse().ok());
    max_age.map_or(KEY_SET_MAX_AGE, Duration::from_secs).clamp(SHORTEST_FRESH, LONGEST_KEPT)
}

/// After a question that came to nothing.
const REST: Duration = Duration::from_secs(10);
/// Somebody who allows no keeping is asked once a minute nevertheless, and whenever he has a new key.
const SHORTEST_FRESH: Duration = Duration::from_secs(60);
/// A key that was withdrawn is not believed longer than this, whoever keeps us from noticing.
const LONGEST_KEPT: Duration = Duration::from_secs(60 * 60);
/// Addresses whose keys are kept; the rest is asked each time.
const MOST_KEPT: usize = 4096;

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::future::Future;

    use async_trait::async_trait;
    use bytes::Bytes;
    use grantway_core::jwk::Jwk;
    use grantway_core::jws::{JwsAlgorithm, TokenType};
    use grantway_core::seam::{
        FetchFault, FetchFaultKind, JwsFault, TrustedKeys, Verification, VerificationRules, Verifier,
    };
    use grantway_core::testing::{FixedClock, RecordedAudit, SeededEntropy};
    use http::HeaderValue;

    use super::*;
    use crate::signing_key::SigningKey;
    use crate::verify::JwsVerifier;

    /// Answers in turn, and counts.
    #[derive(Debug, Default)]
    struct Shelf {
        answers: Mutex<VecDeque<Fetched>>,
        asked: std::sync::atomic::AtomicUsize,
    }

    #[async_trait]
    impl Fetch for Shelf {
        async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
            assert_eq!(request.url, "https://app.test/jwks");
            self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            // So that others come meanwhile.
            tokio::task::yield_now().await;
            Ok(self.answers.lock().unwrap().pop_front().expect("nobody was expected to ask again"))
        }
    }

    struct Scene {
        shelf: Arc<Shelf>,
        clock: Arc<FixedClock>,
        audit: Arc<RecordedAudit>,
        verifier: JwsVerifier,
    }

    impl Scene {
        fn with(answers: impl IntoIterator<Item = Fetched>) -> Self {
            let shelf =
                Arc::new(Shelf { answers: Mutex::new(answers.into_iter().collect()), ..Shelf::default() });
            let clock = Arc::new(FixedClock::default());
            let audit = Arc::new(RecordedAudit::default());
            let remote = RemoteKeys::new(shelf.clone(), clock.clone(), audit.clone());
            Self { shelf, clock, audit, verifier: JwsVerifier::with_remote_keys(Arc::new(remote)) }
        }

        async fn check(&self, key: &SigningKey) -> Result<(), JwsFault> {
            let uri = "https://app.test/jwks".parse().unwrap();
            let token = key.sign(TokenType::Jwt, br#"{"sub":"a"}"#).unwrap();
            let rules = VerificationRules {
                keys: TrustedKeys::At(&uri),
                algorithms: &[JwsAlgorithm::ES256],
                types: &[TokenType::Jwt],
                untyped: true,
            };
            match self.verifier.verify(token.expose(), rules).await.unwrap() {
                Verification::Valid(_) => Ok(()),
                Verification::Refused(fault) => Err(fault),
            }
        }

        fn asked(&self) -> usize {
            self.shelf.asked.load(std::sync::atomic::Ordering::SeqCst)
        }

        fn later(&self, seconds: u64) {
            self.clock.advance(Duration::from_secs(seconds));
        }
    }

    fn key(seed: u64) -> SigningKey {
        SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(seed)).unwrap()
    }

    fn set(keys: &[&SigningKey]) -> Fetched {
        let keys: Vec<Jwk> = keys.iter().map(|key| key.public_jwk().clone()).collect();
        answer(StatusCode::OK, serde_json::to_vec(&JwkSet { keys }).unwrap())
    }

    fn answer(status: StatusCode, body: Vec<u8>) -> Fetched {
        Fetched::Answer { status, headers: HeaderMap::new(), body: Bytes::from(body) }
    }

    fn nobody() -> Fetched {
        Fetched::Refused(FetchFault {
            kind: FetchFaultKind::Connection,
            detail: "nobody is there".to_owned(),
        })
    }

    #[tokio::test]
    async fn keys_are_read_once_for_all_who_want_them_and_kept_for_a_while() {
        let (one, two) = (key(1), key(2));
        let scene = Scene::with([set(&[&one, &two]), set(&[&one])]);

        let (first, second) = tokio::join!(scene.check(&one), scene.check(&two));
        assert_eq!((first, second), (Ok(()), Ok(())));
        scene.later(299);
        assert_eq!(scene.check(&two).await, Ok(()));
        assert_eq!(scene.asked(), 1);
        scene.later(1);
        assert_eq!(scene.check(&two).await, Err(JwsFault::UnknownKey), "it was withdrawn meanwhile");
        assert_eq!(scene.asked(), 2);
    }

    /// Answers once, and then never.
    #[derive(Debug)]
    struct Hanging(Shelf);

    #[async_trait]
    impl Fetch for Hanging {
        async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
            if self.0.asked.load(std::sync::atomic::Ordering::SeqCst) > 0 {
                return std::future::pending().await;
            }
            self.0.fetch(request).await
        }
    }

    #[tokio::test]
    async fn nobody_whose_key_is_known_waits_while_another_is_looked_for() {
        let (one, strange) = (key(1), key(2));
        let mut scene = Scene::with([]);
        let shelf = Shelf { answers: Mutex::new([set(&[&one])].into()), ..Shelf::default() };
        let remote = RemoteKeys::new(Arc::new(Hanging(shelf)), scene.clock.clone(), scene.audit.clone());
        scene.verifier = JwsVerifier::with_remote_keys(Arc::new(remote));
        assert_eq!(scene.check(&one).await, Ok(()));

        let looking = scene.check(&strange);
        tokio::pin!(looking);

        // Polled once, it has somebody ask, and nobody answers.
        let polled = std::future::poll_fn(|context| std::task::Poll::Ready(looking.as_mut().poll(context)));
        assert!(polled.await.is_pending());
        assert_eq!(scene.check(&one).await, Ok(()));
    }

    /// Answers when it is told to.
    #[derive(Debug)]
    struct Slow {
        shelf: Shelf,
        go: tokio::sync::Semaphore,
    }

    #[async_trait]
    impl Fetch for Slow {
        async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
            let answer = self.shelf.fetch(request).await;
            self.go.acquire().await.unwrap().forget();
            answer
        }
    }

    #[tokio::test]
    async fn whoever_goes_away_in_the_middle_leaves_the_answer_to_the_next_one() {
        let one = key(1);
        let mut scene = Scene::with([]);
        let shelf = Shelf { answers: Mutex::new([set(&[&one])].into()), ..Shelf::default() };
        let slow = Arc::new(Slow { shelf, go: tokio::sync::Semaphore::new(0) });
        let remote = RemoteKeys::new(slow.clone(), scene.clock.clone(), scene.audit.clone());
        scene.verifier = JwsVerifier::with_remote_keys(Arc::new(remote));

        for stranger in 0..3 {
            let looking = scene.check(&one);
            tokio::pin!(looking);
            let polled =
                std::future::poll_fn(|context| std::task::Poll::Ready(looking.as_mut().poll(context)));
            assert!(polled.await.is_pending(), "{stranger}");
        }
        slow.go.add_permits(1);
        assert_eq!(scene.check(&one).await, Ok(()));
        assert_eq!(slow.shelf.asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_new_key_without_a_name_is_found_at_once_too_and_not_by_asking_all_the_time() {
        let (old, new, strange) = (key(1), key(2), key(3));
        let unnamed = |key: &SigningKey| {
            let bare = Jwk { kid: None, ..key.public_jwk().clone() };
            answer(StatusCode::OK, serde_json::to_vec(&JwkSet { keys: vec![bare] }).unwrap())
        };
        let scene = Scene::with([unnamed(&old), unnamed(&new), unnamed(&new)]);
        assert_eq!(scene.check(&old).await, Ok(()));

        assert_eq!(scene.check(&new).await, Ok(()));
        assert_eq!(scene.asked(), 2);
        for _ in 0..3 {
            assert_eq!(scene.check(&strange).await, Err(JwsFault::Signature));
        }
        assert_eq!(scene.asked(), 3);
    }

    #[tokio::test]
    async fn a_new_key_is_found_at_once_but_not_by_asking_all_the_time() {
        let (old, new, strange) = (key(1), key(2), key(3));
        let scene = Scene::with([set(&[&old]), set(&[&old, &new]), set(&[&old, &new]), set(&[&old, &new])]);
        assert_eq!(scene.check(&old).await, Ok(()));

        assert_eq!(scene.check(&new).await, Ok(()));
        for _ in 0..3 {
            assert_eq!(scene.check(&strange).await, Err(JwsFault::UnknownKey));
        }
        assert_eq!(scene.asked(), 3);
        assert_eq!(scene.check(&old).await, Ok(()), "honest tokens go on");
        scene.later(10);
        assert_eq!(scene.check(&strange).await, Err(JwsFault::UnknownKey));
        assert_eq!(scene.asked(), 4);
    }

    #[tokio::test]
    async fn while_they_cannot_be_had_those_of_before_are_good_for_an_hour_and_the_operator_is_told() {
        let one = key(1);
        let scene = Scene::with([
            set(&[&one]),
            nobody(),
            answer(StatusCode::NOT_FOUND, Vec::new()),
            answer(StatusCode::OK, b"<html>".to_vec()),
        ]);
        let unavailable = |why: &str| Err(JwsFault::KeysUnavailable(format!("https://app.test/jwks: {why}")));
        assert_eq!(scene.check(&one).await, Ok(()));

        for seconds in [1800, 1799, 1] {
            scene.later(seconds);
            let expected = if seconds == 1 { unavailable("the answer is 404 Not Found") } else { Ok(()) };
            // The last question is too soon after the one before.
            assert_eq!(scene.check(&one).await, expected, "{seconds}");
        }
        assert_eq!(scene.asked(), 3);
        scene.later(10);
        let why = "this is no set of keys: a JSON object with an array `keys` is";
        assert_eq!(scene.check(&one).await, unavailable(why));
        let told: Vec<_> = scene.audit.events();
        let whys: Vec<_> = told
            .iter()
            .filter_map(|event| match event {
                Event::KeysUnavailable { jwks_uri, why } => Some((jwks_uri.as_str(), why.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(
            whys,
            [
                ("https://app.test/jwks", "nobody is there"),
                ("https://app.test/jwks", "the answer is 404 Not Found"),
                ("https://app.test/jwks", why),
            ]
        );
    }

    #[test]
    fn what_they_say_of_their_age_counts_within_bounds() {
        for (said, seconds) in [
            (None, 300),
            (Some("public, max-age=600"), 600),
            (Some("MAX-AGE=\"120\""), 120),
            (Some("no-store"), 300),
            (Some("max-age=0"), 60),
            (Some("max-age=99999999999"), 3600),
            (Some("max-age=abc"), 300),
            (Some("s-maxage=7"), 300),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static(said));
            }
            assert_eq!(fresh_for(&headers).as_secs(), seconds, "{said:?}");
        }
    }
}
