//! Where an issuer's keys are, by what it says of itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grantway_core::audit::{Audit, Event};
use grantway_core::discovery::{NoMetadata, discover, is_of};
use grantway_core::jwk::JwksUri;
use grantway_core::metadata::ServerMetadata;
use grantway_core::seam::{Clock, Fetch, SeamError};
use tokio::sync::OnceCell;

/// What is known of one issuer: asked once for all who want to know it, and again after an hour. If it does not answer
/// then, what it said last is good for a day.
#[derive(Debug, Default)]
pub(crate) struct Discovery(Mutex<Arc<Question>>);

/// A question, put or to be put.
#[derive(Debug, Default)]
struct Question {
    /// What came of the one before.
    before: Option<Found>,
    known: OnceCell<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    found: Option<Found>,
    ask_again_at: Instant,
}

#[derive(Clone, Debug)]
struct Found {
    jwks_uri: JwksUri,
    read_at: Instant,
}

/// Who is asked for what, and by whom.
pub(crate) struct Asking<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) fetch: &'a dyn Fetch,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) audit: &'a dyn Audit,
}

impl Discovery {
    pub(crate) async fn jwks_uri(&self, asking: Asking<'_>) -> Result<JwksUri, SeamError> {
        let now = asking.clock.instant();
        let question = self.current(now);
        let known = question.known.get_or_init(|| asking.known(question.before.clone())).await;
        let found = known.found.as_ref().filter(|found| now < found.read_at + LONGEST_KEPT);
        match found {
            Some(found) => Ok(found.jwks_uri.clone()),
            // Why is in the log, once for each time that somebody asked.
            None => Err(SeamError::unavailable("issuer metadata", "the issuer's keys are not known")),
        }
    }

    /// The last question, or a new one if its answer is too old.
    fn current(&self, now: Instant) -> Arc<Question> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = current.known.get()
            && now >= known.ask_again_at
        {
            *current = Arc::new(Question { before: known.found.clone(), known: OnceCell::new() });
        }
        Arc::clone(&current)
    }
}

impl Asking<'_> {
    async fn known(&self, before: Option<Found>) -> Known {
        match self.look().await {
            Ok(jwks_uri) => {
                let read_at = self.clock.instant();
                Known { found: Some(Found { jwks_uri, read_at }), ask_again_at: read_at + FRESH }
            }
            Err(why) => {
                self.audit.record(Event::MetadataUnavailable { issuer: self.issuer.to_owned(), why });
                Known { found: before, ask_again_at: self.clock.instant() + REST }
            }
        }
    }

    async fn look(&self) -> Result<JwksUri, String> {
        let judge = |metadata: &ServerMetadata| {
            is_of(self.issuer, metadata)?;
            jwks_uri(metadata).map(drop).map_err(|what| NoMetadata::Malformed(what.to_owned()))
        };
        let found = discover(self.fetch, self.issuer, judge).await.map_err(|why| why.to_string())?;
        Ok(jwks_uri(&found.metadata)?)
    }
}

fn jwks_uri(metadata: &ServerMetadata) -> Result<JwksUri, &'static str> {
    let named = metadata.jwks_uri.as_ref().ok_or("it names no jwks_uri")?;
    named.parse().map_err(|_| "its jwks_uri is no https address")
}

const FRESH: Duration = Duration::from_secs(60 * 60);
const LONGEST_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// After a question that came to nothing.
const REST: Duration = Duration::from_secs(10);
