mod baseline;
mod cast;
mod checks;
mod condition;
mod http;
mod jar;
mod modules;
mod pages;
mod person;
mod plan;
mod report;
mod request;
mod scene;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use grantway_jose::entropy::RingEntropy;
use url::Url;

pub use baseline::{Baseline, Difference, Entry};
pub use cast::{Account, AuthMethod, Cast, Client};
pub use condition::{Condition, Finding, Verdict};
pub use jar::Jar;
pub use modules::Module;
pub use pages::Pages;
pub use plan::{PLANS, Plan, ResponseMode, Variant};
pub use report::{Played, Report};

use self::http::Http;
use scene::Scene;

/// An issuer, and those who use it.
#[derive(Debug)]
pub struct Suite {
    issuer: String,
    base: Url,
    http: Http,
    cast: Cast,
    entropy: RingEntropy,
}

/// Why there is no report.
#[derive(Debug)]
pub enum Unable {
    /// The issuer is no URL, or this machine has no randomness.
    Setup(String),
    /// It does not answer.
    Unreached(String),
}

impl Suite {
    /// An issuer by its URL, byte for byte as it calls itself.
    ///
    /// `roots` are certificates in PEM that its own are signed by; without them, those that browsers trust.
    ///
    /// # Errors
    /// If it is no URL, or nobody answers there.
    pub fn new(issuer: &str, cast: Cast, roots: Option<&[u8]>) -> Result<Self, Unable> {
        let base =
            Url::parse(issuer).map_err(|fault| Unable::Setup(format!("{issuer:?} is no URL: {fault}")))?;
        let entropy = RingEntropy::new().map_err(|fault| Unable::Setup(fault.to_string()))?;
        let http =
            Http::toward(&base, roots).map_err(|why| Unable::Setup(format!("the certificates: {why}")))?;
        let suite = Self { issuer: issuer.to_owned(), http, base, cast, entropy };
        match suite.http.get(&suite.well_known(), &[]) {
            Ok(_) => Ok(suite),
            Err(stop) => Err(Unable::Unreached(stop.finding().why)),
        }
    }

    /// Plays modules, several at a time: each has a person of its own.
    #[must_use]
    pub fn play(&self, wanted: &[(&Plan, &Module)], at_once: usize) -> Report {
        let next = AtomicUsize::new(0);
        let played = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..at_once.clamp(1, wanted.len().max(1)) {
                scope.spawn(|| {
                    while let Some((nth, (plan, module))) = {
                        let nth = next.fetch_add(1, Ordering::Relaxed);
                        wanted.get(nth).map(|one| (nth, one))
                    } {
                        let done = self.play_one(plan, module);
                        played.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((nth, done));
                    }
                });
            }
        });
        let mut played = played.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        played.sort_by_key(|(nth, _)| *nth);
        Report { issuer: self.issuer.clone(), played: played.into_iter().map(|(_, done)| done).collect() }
    }

    fn play_one(&self, plan: &Plan, module: &Module) -> Played {
        let mut findings = Vec::new();
        let outcome =
            Scene::open(self, plan.variant, &mut findings).and_then(|mut scene| (module.play)(&mut scene));
        if let Err(stop) = outcome {
            findings.push(stop.finding());
        }
        Played { plan: plan.id, module: module.id, says: module.says, findings }.gather()
    }

    /// OpenID Connect Discovery section 4.1.
    fn well_known(&self) -> Url {
        let mut url = self.base.clone();
        let path = format!("{}/.well-known/openid-configuration", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}
