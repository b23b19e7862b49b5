use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use grantway_core::seam::Clock;
use grantway_core::secret::Secret;
use grantway_core::testing::SeededEntropy;
use grantway_core::time::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use super::book::Book;
use super::endpoint::Endpoint;
use super::fault::{Fault, Faults};
use super::keys::Keys;
use super::received::Received;

/// What all endpoints of a provider share.
pub(super) struct Desk {
    pub(super) issuer: String,
    /// The other host.
    pub(super) elsewhere: String,
    pub(super) keys: Keys,
    clock: Arc<dyn Clock>,
    entropy: SeededEntropy,
    faults: Mutex<Faults>,
    book: Mutex<Book>,
    log: Mutex<Vec<Received>>,
}

impl Desk {
    pub(super) fn new(issuer: String, elsewhere: String, clock: Arc<dyn Clock>, seed: u64) -> Self {
        let entropy = SeededEntropy::new(seed);
        let keys = Keys::new(&entropy);
        let (faults, book, log) = (Mutex::default(), Mutex::new(Book::new()), Mutex::default());
        Self { issuer, elsewhere, keys, clock, entropy, faults, book, log }
    }

    pub(super) fn url(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.issuer, endpoint.path())
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        held(&self.faults).has(fault)
    }

    pub(super) fn faults_of(&self, endpoint: Endpoint) -> Vec<Fault> {
        held(&self.faults).of(endpoint).collect()
    }

    pub(super) fn turn(&self, faults: Faults) {
        *held(&self.faults) = faults;
    }

    /// What its clock shows, right or wrong.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        match (self.has(Fault::SkewPlus), self.has(Fault::SkewMinus)) {
            (true, false) => now.plus(SKEW),
            (false, true) => now.minus(SKEW),
            (false, false) | (true, true) => now,
        }
    }

    pub(super) fn draw(&self, prefix: &str) -> String {
        Secret::draw(&self.entropy, prefix).expose().to_owned()
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        held(&self.book)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Vec<Received>> {
        held(&self.log)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Desk({} {:?})", self.issuer, held(&self.faults))
    }
}

/// A date as HTTP writes it (RFC 9110 section 5.6.7).
pub(super) fn http_date(at: Timestamp) -> String {
    let date = moment(at).format(&Rfc2822).expect("a year of four digits");
    date.replace("+0000", "GMT")
}

/// A date as RFC 3339 writes it.
pub(super) fn iso_date(at: Timestamp) -> String {
    moment(at).format(&Rfc3339).expect("a year of four digits")
}

fn moment(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.unix()).expect("a time that a test can mean")
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while he holds it")
}

/// How far the clock is wrong.
const SKEW: Duration = Duration::from_mins(5);
