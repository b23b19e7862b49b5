//! What is to be written to people: nobody waits for it, and nobody can tell from an answer whether it was written.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::audit::Event;
use grantway_core::ids::Subject;
use grantway_core::seam::{Attempt, SeamError, Sent, Target};
use tokio::sync::{Semaphore, watch};

use crate::Login;
use crate::letters::Errand;
use crate::links::Holder;
use crate::parts::Recovery;

/// As many messages as may wait, and what hurries them when the program ends.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// For what anybody can have sent.
    places: Arc<Semaphore>,
    /// For word of what happened, which no flood of the others keeps from being sent.
    places_for_word: Arc<Semaphore>,
    hands: Semaphore,
    closing: watch::Sender<bool>,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES as usize)),
            places_for_word: Arc::new(Semaphore::new(PLACES as usize)),
            hands: Semaphore::new(HANDS),
            closing: watch::Sender::new(false),
        }
    }

    /// Takes an errand and returns at once, before anybody looks whether there is such a person.
    pub(crate) fn hand_in(login: &Arc<Login>, errand: Errand) {
        let Some(recovery) = login.parts.recovery.clone() else { return };
        let Self { places, places_for_word, .. } = &login.outbox;
        let places = if errand.is_asked_for() { places } else { places_for_word };
        let Ok(place) = Arc::clone(places).try_acquire_owned() else {
            let reason = "too many messages wait".to_owned();
            login.parts.audit.record(Event::MailNotSent { subject: None, kind: errand.kind(), reason });
            return;
        };
        let login = Arc::clone(login);
        tokio::spawn(async move {
            Delivery { login: &login, recovery: &recovery, errand: &errand }.run().await;
            drop(place);
        });
    }

    /// Tries once more what waits for another attempt, and returns when nothing waits any more.
    pub(crate) async fn drain(&self) {
        self.closing.send_replace(true);
        // They are never closed.
        let _ = self.places.acquire_many(PLACES).await;
        let _ = self.places_for_word.acquire_many(PLACES).await;
    }

    /// Until then, or until the program ends.
    async fn rest(&self, span: Duration) {
        let mut closing = self.closing.subscribe();
        // The sender lives as long as this.
        let hurried = async { closing.wait_for(|closing| *closing).await.is_ok() };
        let _ = tokio::time::timeout(span, hurried).await;
    }

    fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }
}

/// One errand, until it is done or given up.
struct Delivery<'a> {
    login: &'a Login,
    recovery: &'a Recovery,
    errand: &'a Errand,
}

/// What an attempt came to.
enum Outcome {
    Sent,
    /// Nobody is written to.
    Nobody,
    /// It will not be sent.
    Never(String),
}

impl Delivery<'_> {
    async fn run(&self) {
        let Self { login, recovery, errand } = self;
        let (audit, kind) = (&login.parts.audit, errand.kind());
        let mut addressee = None;
        let mut waits = recovery.retries.iter();
        loop {
            let outcome = self.attempt(&mut addressee).await;
            let subject = addressee.clone();
            match (outcome, subject) {
                (Ok(Outcome::Sent), Some(subject)) => return audit.record(Event::MailSent { subject, kind }),
                (Ok(Outcome::Sent | Outcome::Nobody), _) => return,
                (Ok(Outcome::Never(reason)), subject) => {
                    return audit.record(Event::MailNotSent { subject, kind, reason });
                }
                (Err(breakdown), subject) => {
                    let next = waits.next().filter(|_| !login.outbox.is_closing());
                    let Some(wait) = next else {
                        let reason = breakdown.to_string();
                        return audit.record(Event::MailNotSent { subject, kind, reason });
                    };
                    login.note(&breakdown);
                    login.outbox.rest(*wait).await;
                }
            }
        }
    }

    /// Written anew each time, since what it is about may have changed; counted once.
    async fn attempt(&self, addressee: &mut Option<Subject>) -> Result<Outcome, SeamError> {
        let Self { login, recovery, errand } = self;
        let Ok(_hand) = login.outbox.hands.acquire().await else { return Ok(Outcome::Nobody) };
        let subject = match addressee {
            Some(subject) => subject.clone(),
            None => match errand.addressee(login).await? {
                Some(subject) => subject,
                None => return Ok(Outcome::Nobody),
            },
        };
        let Some(holder) = Holder::of(login, &subject).await? else { return Ok(Outcome::Nobody) };
        if addressee.is_none() && errand.is_asked_for() {
            let target = Target::Mailbox(&subject);
            if let Attempt::TooMany { .. } = login.parts.throttle.attempt(&[target]).await? {
                *addressee = Some(subject);
                return Ok(Outcome::Never("too many messages to this person".to_owned()));
            }
        }
        *addressee = Some(subject);
        Ok(match recovery.mailer.send(&errand.write(login, &holder)).await? {
            Sent::Accepted => Outcome::Sent,
            Sent::Refused(reason) => Outcome::Never(reason),
        })
    }
}

/// So many messages of either kind wait at most.
const PLACES: u32 = 256;
/// So many are sent at once.
const HANDS: usize = 16;
