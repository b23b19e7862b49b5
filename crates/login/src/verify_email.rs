//! `/verify-email`: shows who reads the mail of an address, by a link in it.

use std::sync::Arc;

use askama::Template;
use grantway_core::audit::Event;
use grantway_core::http::{Reply, is_same_origin};
use grantway_core::seam::EmailVerified;
use grantway_core::secret::Secret;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use crate::Login;
use crate::addresses;
use crate::browser::{Browser, Purpose};
use crate::forgot_password::too_soon;
use crate::letters::Errand;
use crate::links::{LinkKind, TOKEN};
use crate::messages::Messages;
use crate::outbox::Outbox;
use crate::page::{Head, Notice, Onward, Trouble};
use crate::return_to::sign_in_address;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// GET: a button. Programs open links too, to look what is behind them, and press no buttons.
pub(crate) async fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let token = form.one(TOKEN)?.unwrap_or_default();
    let Some(holder) = LinkKind::VerifyEmail.open(login, token).await? else {
        return Ok(over(login, speech));
    };
    if holder.account.claims.email_verified == Some(true) {
        return Ok(verified(login, speech, &holder.address));
    }
    let browser = Browser::meet(login, headers);
    let page = VerifyEmailPage {
        say: speech.say(),
        root: &login.site.place.root,
        ui_locales: speech.ui_locales(),
        csrf: browser.csrf(login, purpose(token)),
        token,
        address: &holder.address,
    };
    let reply = login.pages.render(speech, Head::of(StatusCode::OK, page.say.verify_title), &page)?;
    Ok(browser.introduce(login, reply)?)
}

/// POST: the button was pressed.
pub(crate) async fn submit(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let token = form.one(TOKEN)?.unwrap_or_default();
    if Browser::of_own_form(login, headers, form, purpose(token))?.is_none() {
        return Ok(stale(login, speech));
    }
    let Some(holder) = LinkKind::VerifyEmail.open(login, token).await? else {
        return Ok(over(login, speech));
    };
    let subject = &holder.account.subject;
    Ok(match login.parts.accounts.verify_email(subject, &holder.address).await? {
        EmailVerified::Now => {
            login.parts.audit.record(Event::EmailVerified { subject: subject.clone() });
            verified(login, speech, &holder.address)
        }
        EmailVerified::Before => verified(login, speech, &holder.address),
        EmailVerified::OtherAddress => over(login, speech),
    })
}

/// POST of somebody who is signed in: a link, please.
pub(crate) async fn send(login: &Arc<Login>, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, peer } = visitation;
    let speech = visitation.speech();
    let say = speech.say();
    let csrf = form.one("csrf")?.unwrap_or_default();
    let Some(visitor) = Visitor::recognise(login, headers).await? else {
        return Ok(Reply::see_other(&Secret::new(sign_in_address(
            &login.site,
            None,
            None,
            speech.ui_locales(),
        ))));
    };
    let own = is_same_origin(headers, &login.site.place.origin)
        && login.parts.csrf.accepts(csrf, SEND, visitor.session.sid.as_str(), "");
    if !own {
        return Ok(stale(login, speech));
    }
    if let Some(wait) = too_soon(login, *peer).await? {
        let told = (StatusCode::TOO_MANY_REQUESTS, say.too_many_title, say.too_many_mails);
        // RFC 6585 section 4.
        return Ok(back(login, speech, told).with(RETRY_AFTER, HeaderValue::from(wait.as_secs())));
    }
    Outbox::hand_in(login, Errand::VerifyEmail { subject: visitor.session.subject, speech });
    Ok(back(login, speech, (StatusCode::OK, say.look_into_your_mail_title, say.verification_on_its_way)))
}

/// The hidden field of the form by which a visitor asks for a link, if there is anything to verify.
pub(crate) fn offer(login: &Login, visitor: &Visitor) -> Option<String> {
    let claims = &visitor.account.claims;
    let unverified = claims.email.is_some() && claims.email_verified != Some(true);
    (unverified && login.parts.recovery.is_some())
        .then(|| login.parts.csrf.token(SEND, visitor.session.sid.as_str(), ""))
}

fn verified(login: &Login, speech: Speech, address: &str) -> Reply {
    let say = speech.say();
    back(login, speech, (StatusCode::OK, say.verified_title, &(say.verified)(address)))
}

fn over(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    back(login, speech, (StatusCode::GONE, say.link_over_title, say.verification_link_over))
}

fn stale(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    back(login, speech, (StatusCode::FORBIDDEN, say.stale_title, say.stale))
}

fn back(login: &Login, speech: Speech, (status, title, text): (StatusCode, &str, &str)) -> Reply {
    let address = login.site.place.at(&speech.address(addresses::SIGNED_IN));
    let onward = Some(Onward { address: &address, label: speech.say().go_on });
    login.pages.notice(speech, status, &Notice { title, text, onward })
}

fn purpose(token: &str) -> Purpose<'_> {
    Purpose { action: "verify-email form", subject: token }
}

#[derive(Template)]
#[template(path = "verify_email.html")]
struct VerifyEmailPage<'a> {
    say: &'static Messages,
    root: &'a str,
    ui_locales: Option<&'static str>,
    csrf: String,
    token: &'a str,
    address: &'a str,
}

const SEND: &str = "send-verification";
