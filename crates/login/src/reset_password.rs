//! `/reset-password`: a new password, by a link in the mail. Whoever came in by the old one is out.

use std::sync::Arc;

use askama::Template;
use grantway_core::account::PasswordHash;
use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::seam::{EmailVerified, PasswordChange, Replaced, SeamError};
use grantway_core::secret::Secret;
use http::StatusCode;

use crate::Login;
use crate::addresses;
use crate::browser::{Browser, Purpose};
use crate::eviction::{self, Evicted};
use crate::letters::Errand;
use crate::links::{Holder, LinkKind, TOKEN};
use crate::messages::Messages;
use crate::outbox::Outbox;
use crate::page::{Head, Notice, Onward, Trouble, retry_soon};
use crate::parts::Recovery;
use crate::password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, Unfit};
use crate::pool::Admission;
use crate::return_to::{forgot_password_address, sign_in_address};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::waiting;

/// GET: the form, if the link is good. Looking uses nothing up.
pub(crate) async fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let token = form.one(TOKEN)?.unwrap_or_default();
    let Some(holder) = LinkKind::ResetPassword.open(login, token).await? else {
        return Ok(over(login, speech));
    };
    let browser = Browser::meet(login, headers);
    let reply = ResetPasswordPage::new(login, speech, &browser, token).render(login, &holder, speech)?;
    Ok(browser.introduce(login, reply)?)
}

/// POST: sets it, if the link is good still.
pub(crate) async fn submit(
    login: &Arc<Login>,
    recovery: &Recovery,
    visitation: &Visitation,
) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let token = form.one(TOKEN)?.unwrap_or_default();
    let password = Secret::new(form.one("password")?.unwrap_or_default());
    let Some(browser) = Browser::of_own_form(login, headers, form, purpose(token))? else {
        return Ok(stale(login, speech, token));
    };
    let Some(holder) = LinkKind::ResetPassword.open(login, token).await? else {
        return Ok(over(login, speech));
    };
    if let Some(problem) = unfit(&password, speech) {
        let mut page = ResetPasswordPage::new(login, speech, &browser, token);
        page.problem = Some(problem);
        return Ok(page.render(login, &holder, speech)?);
    }
    let after = match login.passwords.hash(password, &*login.parts.entropy).await? {
        Admission::Done(hash) => hash,
        Admission::Full => return Ok(busy(login, speech, token)),
    };
    let set = login.underway.finish({
        let (login, recovery) = (Arc::clone(login), recovery.clone());
        async move { replace(&login, &recovery, &holder, &after, speech).await }
    });
    match set.await? {
        None => Ok(over(login, speech)),
        Some(Evicted { incomplete: true, .. }) => Ok(unfinished(login, speech)),
        Some(_) => Ok(done(login, speech, visitation)?),
    }
}

/// Sets it. From then on nobody comes in by the old password, and those go who did. None if it is not the one any
/// more that the link was to replace.
async fn replace(
    login: &Arc<Login>,
    recovery: &Recovery,
    holder: &Holder,
    after: &PasswordHash,
    speech: Speech,
) -> Result<Option<Evicted>, SeamError> {
    let subject = &holder.account.subject;
    let change = PasswordChange { subject, before: holder.password.as_ref(), after };
    if login.parts.accounts.set_password(change).await? == Replaced::Outdated {
        return Ok(None);
    }
    let evicted = eviction::everything(login, recovery, subject).await;
    let Evicted { sessions, grants, .. } = evicted;
    login.parts.audit.record(Event::PasswordReset { subject: subject.clone(), sessions, grants });
    Outbox::hand_in(login, Errand::PasswordChanged { subject: subject.clone(), speech });
    // Whoever had the link reads the mail of that address.
    match login.parts.accounts.verify_email(subject, &holder.address).await {
        Ok(EmailVerified::Now) => {
            login.parts.audit.record(Event::EmailVerified { subject: subject.clone() });
        }
        Ok(_) => {}
        // There is another link for that.
        Err(breakdown) => login.note(&breakdown),
    }
    Ok(Some(evicted))
}

/// What is wrong with a password, in words.
pub(crate) fn unfit(password: &Secret, speech: Speech) -> Option<String> {
    let say = speech.say();
    Unfit::of(password).map(|unfit| match unfit {
        Unfit::TooShort => (say.password_too_short)(&MIN_PASSWORD_CHARS.to_string()),
        Unfit::TooLong => (say.password_too_long)(&MAX_PASSWORD_BYTES.to_string()),
    })
}

/// She signs in by what she chose, and goes on where she wanted to go.
fn done(login: &Login, speech: Speech, visitation: &Visitation) -> Result<Reply, SeamError> {
    let say = speech.say();
    let return_to = waiting::recall(login, &visitation.headers);
    let address = sign_in_address(&login.site, return_to.as_ref(), None, speech.ui_locales());
    let onward = Some(Onward { address: &address, label: say.sign_in });
    let notice = Notice { title: say.password_set_title, text: say.password_set, onward };
    waiting::forget(login, &visitation.headers, login.pages.notice(speech, StatusCode::OK, &notice))
}

/// The password is new, and somebody may still be in.
fn unfinished(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    let address = forgot_password_address(&login.site, None, speech.ui_locales());
    let onward = Some(Onward { address: &address, label: say.new_link });
    let notice = Notice { title: say.broken_title, text: say.password_set_unfinished, onward };
    login.pages.notice(speech, StatusCode::SERVICE_UNAVAILABLE, &notice)
}

/// Used, outdated, over or never a link: which of them it was is for the audit alone.
fn over(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    let address = forgot_password_address(&login.site, None, speech.ui_locales());
    let onward = Some(Onward { address: &address, label: say.new_link });
    let notice = Notice { title: say.link_over_title, text: say.reset_link_over, onward };
    login.pages.notice(speech, StatusCode::GONE, &notice)
}

fn stale(login: &Login, speech: Speech, token: &str) -> Reply {
    let say = speech.say();
    again(login, speech, token, (StatusCode::FORBIDDEN, say.stale_title, say.stale))
}

fn busy(login: &Login, speech: Speech, token: &str) -> Reply {
    let say = speech.say();
    retry_soon(again(login, speech, token, (StatusCode::SERVICE_UNAVAILABLE, say.busy_title, say.busy)))
}

/// A notice with the way back to the form.
fn again(
    login: &Login,
    speech: Speech,
    token: &str,
    (status, title, text): (StatusCode, &str, &str),
) -> Reply {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(TOKEN, token)
        .extend_pairs(speech.ui_locales().map(|tag| (grantway_core::http::UI_LOCALES, tag)))
        .finish();
    let address = login.site.place.at(&format!("{}?{query}", addresses::RESET_PASSWORD));
    let onward = Some(Onward { address: &address, label: speech.say().try_again });
    login.pages.notice(speech, status, &Notice { title, text, onward })
}

fn purpose(token: &str) -> Purpose<'_> {
    Purpose { action: "reset-password form", subject: token }
}

#[derive(Template)]
#[template(path = "reset_password.html")]
struct ResetPasswordPage<'a> {
    say: &'static Messages,
    root: String,
    ui_locales: Option<&'static str>,
    csrf: String,
    token: &'a str,
    name: String,
    problem: Option<String>,
    /// So many characters.
    least: String,
}

impl<'a> ResetPasswordPage<'a> {
    fn new(login: &Login, speech: Speech, browser: &Browser, token: &'a str) -> Self {
        Self {
            say: speech.say(),
            root: login.site.place.root.clone(),
            ui_locales: speech.ui_locales(),
            csrf: browser.csrf(login, purpose(token)),
            token,
            name: String::new(),
            problem: None,
            least: MIN_PASSWORD_CHARS.to_string(),
        }
    }

    fn render(mut self, login: &Login, holder: &Holder, speech: Speech) -> Result<Reply, SeamError> {
        // What she signs in with, for whoever keeps her passwords.
        let username = holder.account.claims.preferred_username.as_ref();
        self.name.clone_from(username.unwrap_or(&holder.address));
        let status = match self.problem {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        login.pages.render(speech, Head::of(status, self.say.new_password_title), &self)
    }
}
