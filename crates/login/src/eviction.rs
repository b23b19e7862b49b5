//! Who came in by a password that is no longer good, goes.

use grantway_core::ids::Subject;
use grantway_core::seam::SeamError;

use crate::Login;
use crate::parts::Recovery;

/// What was ended of a person's, and whether anything may be left.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evicted {
    pub(crate) sessions: u64,
    pub(crate) grants: u64,
    pub(crate) incomplete: bool,
}

/// Ends her sessions. What breaks is told the operator.
pub(crate) async fn sessions(login: &Login, subject: &Subject) -> Evicted {
    let mut evicted = Evicted::default();
    evicted.sessions = evicted.take(login, login.parts.sessions.end_all(subject, None).await);
    evicted
}

/// Ends her sessions and all that was granted in her name, each whatever becomes of the others (RFC 9700 section
/// 4.14.2).
pub(crate) async fn everything(login: &Login, recovery: &Recovery, subject: &Subject) -> Evicted {
    let mut evicted = sessions(login, subject).await;
    // Whoever had the password may have agreed to an application of his own, which would be let in again unasked.
    for agreement in evicted.take(login, recovery.consents.agreements(subject).await) {
        evicted.take(login, recovery.consents.forget(subject, &agreement.client_id).await);
    }
    evicted.grants = evicted.take(login, recovery.grants.revoke_all(subject).await);
    evicted
}

impl Evicted {
    fn take<T: Default>(&mut self, login: &Login, outcome: Result<T, SeamError>) -> T {
        outcome.unwrap_or_else(|breakdown| {
            self.incomplete = true;
            login.note(&breakdown);
            T::default()
        })
    }
}
