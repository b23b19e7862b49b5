use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use grantway_core::seam::{Clock, SystemClock};

use super::event::{Access, Answered, Asked, Assertion, Event, Grant, Reading, Token};

/// Writes down what is asked and answered, in the order in which it happens.
#[derive(Debug)]
pub(super) struct Recorder {
    count: AtomicU64,
    events: Mutex<Vec<Event>>,
    clocks: Vec<Mutex<Vec<Setting>>>,
    /// Tokens that were answered, by their text.
    names: Mutex<HashMap<String, usize>>,
    unnamed: AtomicU64,
}

/// A question that is under way.
#[derive(Debug)]
pub(super) struct Begun {
    node: usize,
    asked: Asked,
    invoked: u64,
    at: i64,
}

/// By how much a node's clock is ahead of the machine's, and when it was.
#[derive(Clone, Copy, Debug)]
struct Setting {
    ahead: i64,
    from: u64,
    until: u64,
}

impl Recorder {
    pub(super) fn new(nodes: usize) -> Self {
        let right = || Mutex::new(vec![Setting { ahead: 0, from: 0, until: u64::MAX }]);
        Self {
            count: AtomicU64::new(0),
            events: Mutex::default(),
            clocks: (0..nodes).map(|_| right()).collect(),
            names: Mutex::default(),
            unnamed: AtomicU64::new(0),
        }
    }

    pub(super) fn begin(&self, node: usize, asked: Asked) -> Begun {
        let invoked = self.tick();
        Begun { node, asked, invoked, at: SystemClock.now().unix() }
    }

    pub(super) fn end(&self, begun: &Begun, answered: Answered) {
        let now = SystemClock.now().unix();
        let &Begun { node, asked, invoked, at } = begun;
        let returned = self.tick();
        let shown: Vec<i64> = locked(&self.clocks[node])
            .iter()
            .filter(|setting| setting.from < returned && setting.until > invoked)
            .map(|setting| setting.ahead)
            .collect();
        let ahead = |which: Option<&i64>| which.copied().unwrap_or_default();
        let earliest = at.saturating_add(ahead(shown.iter().min()));
        // What was not answered may yet be done, but not by a sweep: it says when it ends.
        let ends = answered != Answered::Silence || asked == Asked::Sweep;
        let latest = if ends { now.saturating_add(ahead(shown.iter().max())) } else { i64::MAX };
        let clock = Reading { earliest, latest };
        locked(&self.events).push(Event { node, asked, invoked, returned, clock, answered });
    }

    /// From now on the clock of that node may show the other time, and it may still show the old one.
    pub(super) fn clock_begins_to_jump(&self, node: usize, ahead: i64) {
        let from = self.tick();
        locked(&self.clocks[node]).push(Setting { ahead, from, until: u64::MAX });
    }

    /// From now on it shows the new one.
    pub(super) fn clock_has_jumped(&self, node: usize) {
        let until = self.tick();
        let mut settings = locked(&self.clocks[node]);
        let old = settings.len().saturating_sub(1);
        settings[..old].iter_mut().filter(|setting| setting.until == u64::MAX).for_each(|setting| {
            setting.until = until;
        });
    }

    /// How far ahead the clock of that node was set last.
    pub(super) fn ahead(&self, node: usize) -> i64 {
        locked(&self.clocks[node]).last().map_or(0, |setting| setting.ahead)
    }

    pub(super) fn grant(&self) -> Grant {
        Grant(self.unnamed())
    }

    pub(super) fn assertion(&self) -> Assertion {
        Assertion(self.unnamed())
    }

    pub(super) fn token(&self, text: &str) -> Token {
        Token(self.named(text))
    }

    pub(super) fn access(&self, text: &str) -> Access {
        Access(self.named(text))
    }

    /// Everything so far, and a sheet that is empty again.
    pub(super) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *locked(&self.events))
    }

    fn tick(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst)
    }

    fn unnamed(&self) -> usize {
        usize::try_from(self.unnamed.fetch_add(1, Ordering::SeqCst)).unwrap_or(usize::MAX)
    }

    fn named(&self, text: &str) -> usize {
        let mut names = locked(&self.names);
        let next = names.len();
        *names.entry(text.to_owned()).or_insert(next)
    }
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().expect("nobody panics who holds it")
}
