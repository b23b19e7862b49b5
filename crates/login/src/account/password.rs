//! A new password, by whoever knows the one before.

use std::time::Duration;

use grantway_core::account::PasswordHash;
use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::seam::{Attempt, PasswordChange, PasswordRecord, Replaced, SeamError};
use grantway_core::secret::Secret;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use super::{CHANGE_PASSWORD, Done, Overview, Poster, Problem, back_with};
use crate::Login;
use crate::page::{Trouble, retry_soon};
use crate::parts::AccountPage;
use crate::password::{MAX_PASSWORD_BYTES, Verdict};
use crate::pool::Admission;
use crate::reset_password::unfit;
use crate::sign_in::{self, targets};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// POST: sets it, and ends every other sign-in.
pub(crate) async fn change(
    login: &Login,
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
    let subject = visitor.account.subject.clone();
    let change = PasswordChange { subject: &subject, before: Some(&before), after: &after };
    match login.parts.accounts.set_password(change).await? {
        Replaced::Done => {}
        // Somebody else was faster, and what was proved is no proof any more.
        Replaced::Outdated => {
            let words = speech.say().wrong_current_password.to_owned();
            return overview.render(None, Some(refuse(words, false))).await;
        }
    }
    let sessions = login.parts.sessions.end_all(&subject, Some(&visitor.session.sid)).await?;
    login.parts.audit.record(Event::PasswordChanged { subject, sessions });
    Ok(Done::PasswordChanged.reply(login, &visitor, speech))
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
