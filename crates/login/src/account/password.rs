//! A new password, by whoever knows the one before.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::account::PasswordHash;
use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::ids::SessionId;
use grantway_core::seam::{Attempt, PasswordChange, PasswordRecord, Replaced, SeamError};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use super::{CHANGE_PASSWORD, Done, Overview, Poster, Problem, back_with};
use crate::Login;
use crate::browser::with_cookie;
use crate::eviction::{self, Evicted};
use crate::letters::Errand;
use crate::outbox::Outbox;
use crate::page::{Trouble, retry_soon};
use crate::parts::AccountPage;
use crate::password::{MAX_PASSWORD_BYTES, Verdict};
use crate::pool::Admission;
use crate::reset_password::unfit;
use crate::sign_in::{self, SESSION_LIFETIME, session_by_password, targets};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::{SESSION_COOKIE, Visitor};

/// POST: sets it, and ends every other sign-in.
pub(crate) async fn change(
    login: &Arc<Login>,
    page: &AccountPage,
    visitation: &Visitation,
) -> Result<Reply, Trouble> {
    let speech = visitation.speech();
    let visitor = match Poster::of(login, visitation, CHANGE_PASSWORD, "").await? {
        Poster::Own(visitor) => visitor,
        Poster::Other(reply) => return Ok(reply),
    };
    let current = Secret::new(visitation.form.one("current_password")?.unwrap_or_default());
    let new = Secret::new(visitation.form.one("new_password")?.unwrap_or_default());
    let overview = Overview { login, page, visitor: &visitor, speech };
    let refuse =
        |words: String, of_the_new| Problem { status: StatusCode::UNPROCESSABLE_ENTITY, words, of_the_new };
    // First what costs nothing and tells nothing.
    if let Some(problem) = unfit(&new, speech) {
        return overview.render(None, Some(refuse(problem, true))).await;
    }
    let before = match prove(login, &visitor, visitation, current).await? {
        Proof::Given(before) => before,
        Proof::Wrong => {
            let words = speech.say().wrong_current_password.to_owned();
            return overview.render(None, Some(refuse(words, false))).await;
        }
        Proof::Busy => return Ok(busy(login, speech)),
        Proof::TooMany { wait } => return Ok(too_many(login, speech, wait)),
    };
    let after = match login.passwords.hash(new, &*login.parts.entropy).await? {
        Admission::Done(hash) => hash,
        Admission::Full => return Ok(busy(login, speech)),
    };
    let replaced = login.underway.finish({
        let (login, session) = (Arc::clone(login), visitor.session.clone());
        async move { replace(&login, &session, (&before, &after), speech).await }
    });
    let Some(Renewed { cookie, incomplete }) = replaced.await? else {
        // Somebody else was faster, and what was proved is no proof any more.
        let words = speech.say().wrong_current_password.to_owned();
        return overview.render(None, Some(refuse(words, false))).await;
    };
    let reply = if incomplete {
        unfinished(login, speech)
    } else {
        Done::PasswordChanged.reply(login, &visitor, speech)
    };
    match cookie {
        Some(cookie) => Ok(with_cookie(login, reply, (SESSION_COOKIE, &cookie), Some(SESSION_LIFETIME))?),
        None => Ok(reply),
    }
}

/// This sign-in after a change.
struct Renewed {
    /// Absent if it could not be begun anew: she is signed out.
    cookie: Option<Secret>,
    /// May anything be left of the others?
    incomplete: bool,
}

/// Sets it, and ends every sign-in; this one begins anew, so that whoever else has its cookie is out. None if the
/// password is not the one any more that was proved.
async fn replace(
    login: &Arc<Login>,
    session: &Session,
    (before, after): (&PasswordHash, &PasswordHash),
    speech: Speech,
) -> Result<Option<Renewed>, SeamError> {
    let Session { subject, sid, .. } = session;
    let change = PasswordChange { subject, before: Some(before), after };
    if login.parts.accounts.set_password(change).await? == Replaced::Outdated {
        return Ok(None);
    }
    let Evicted { sessions, incomplete, .. } = eviction::sessions(login, subject).await;
    login.parts.audit.record(Event::PasswordChanged { subject: subject.clone(), sessions });
    Outbox::hand_in(login, Errand::PasswordChanged { subject: subject.clone(), speech });
    // The same name, to which the forms in her other tabs are bound; another where the old one may live on, so that
    // it is one of those that she can end.
    let sid = if incomplete { SessionId::draw(&*login.parts.entropy) } else { sid.clone() };
    let begun = login.parts.sessions.begin(&session_by_password(login, sid, subject.clone())).await;
    let cookie = begun.inspect_err(|breakdown| login.note(breakdown)).ok();
    Ok(Some(Renewed { cookie, incomplete }))
}

/// Does she know the password that is to go?
enum Proof {
    Given(PasswordHash),
    Wrong,
    Busy,
    TooMany { wait: Duration },
}

/// Counted like a sign-in, by the same name: whoever holds her browser may not try more than whoever does not.
async fn prove(
    login: &Login,
    visitor: &Visitor,
    visitation: &Visitation,
    current: Secret,
) -> Result<Proof, SeamError> {
    let subject = &visitor.account.subject;
    let claims = &visitor.account.claims;
    let name = claims.preferred_username.as_deref().or(claims.email.as_deref()).unwrap_or(subject.as_str());
    let targets = targets(visitation.peer, name);
    let refused = |reason| {
        login.parts.audit.record(Event::SignInFailed { subject: Some(subject.clone()), reason });
    };
    if let Attempt::TooMany { wait } = login.parts.throttle.attempt(&targets).await? {
        refused("too_many_attempts");
        return Ok(Proof::TooMany { wait });
    }
    let hash = match login.parts.accounts.password_record_of(subject).await? {
        Some(PasswordRecord { hash, enabled: true, .. }) => hash,
        Some(PasswordRecord { enabled: false, .. }) | None => None,
    };
    let verdict = if current.expose().len() > MAX_PASSWORD_BYTES {
        Verdict::Wrong
    } else {
        login.passwords.verify(current, hash.clone()).await?
    };
    let proof = match (verdict, hash) {
        (Verdict::Right, Some(hash)) => Proof::Given(hash),
        (Verdict::Right | Verdict::Wrong, _) => {
            refused("wrong_password");
            Proof::Wrong
        }
        (Verdict::Busy, _) => Proof::Busy,
    };
    // Only a wrong password has taught anybody anything.
    if !matches!(proof, Proof::Wrong) {
        login.parts.throttle.forgive(&targets).await?;
    }
    Ok(proof)
}

/// The password is new, and somebody may still be in.
fn unfinished(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    let told = (StatusCode::SERVICE_UNAVAILABLE, say.broken_title, say.password_changed_unfinished);
    back_with(login, speech, told)
}

fn busy(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    retry_soon(back_with(login, speech, (StatusCode::SERVICE_UNAVAILABLE, say.busy_title, say.busy)))
}

fn too_many(login: &Login, speech: Speech, wait: Duration) -> Reply {
    let title = speech.say().too_many_title;
    let words = sign_in::wait_in_words(speech, wait);
    // RFC 6585 section 4.
    back_with(login, speech, (StatusCode::TOO_MANY_REQUESTS, title, &words))
        .with(RETRY_AFTER, HeaderValue::from(wait.as_secs()))
}
