//! `/forgot-password`: asks for a link by which a new password is set. The answer is the same whoever is asked for.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use grantway_core::http::{PeerAddress, Reply};
use grantway_core::seam::{Attempt, Target};
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use crate::Login;
use crate::browser::{Browser, Purpose};
use crate::letters::Errand;
use crate::messages::Messages;
use crate::outbox::Outbox;
use crate::page::{Head, Notice, Onward, Trouble};
use crate::return_to::{ReturnTo, forgot_password_address, sign_in_address};
use crate::sign_in::MAX_USERNAME_BYTES;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::waiting;

/// GET: the form.
pub(crate) fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let return_to = ReturnTo::of_form(form, &login.site, &login.parts.csrf)?;
    let browser = Browser::meet(login, headers);
    let page = ForgotPasswordPage {
        say: speech.say(),
        root: &login.site.place.root,
        ui_locales: speech.ui_locales(),
        csrf: browser.csrf(login, purpose(return_to.as_ref())),
        return_to: return_to.as_ref(),
        back: &sign_in_address(&login.site, return_to.as_ref(), None, speech.ui_locales()),
    };
    let reply = login.pages.render(speech, Head::of(StatusCode::OK, page.say.forgot_title), &page)?;
    Ok(browser.introduce(login, reply)?)
}

/// POST: the errand is handed in before anybody looks whom it is for.
pub(crate) async fn submit(login: &Arc<Login>, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, peer } = visitation;
    let speech = visitation.speech();
    let say = speech.say();
    let return_to = ReturnTo::of_form(form, &login.site, &login.parts.csrf)?;
    let return_to = return_to.as_ref();
    let identifier = form.one("username")?.unwrap_or_default();
    if Browser::of_own_form(login, headers, form, purpose(return_to))?.is_none() {
        let told = (StatusCode::FORBIDDEN, say.stale_title, say.stale);
        return Ok(again(login, speech, return_to, told));
    }
    if let Some(wait) = too_soon(login, *peer).await? {
        let told = (StatusCode::TOO_MANY_REQUESTS, say.too_many_title, say.too_many_mails);
        // RFC 6585 section 4.
        return Ok(again(login, speech, return_to, told).with(RETRY_AFTER, HeaderValue::from(wait.as_secs())));
    }
    // What is longer is nobody's name.
    let identifier = if identifier.len() <= MAX_USERNAME_BYTES { identifier } else { "" };
    Outbox::hand_in(login, Errand::ResetPassword { identifier: identifier.to_owned(), speech });
    let back = sign_in_address(&login.site, return_to, None, speech.ui_locales());
    let onward = Some(Onward { address: &back, label: say.go_to_sign_in });
    let notice = Notice { title: say.look_into_your_mail_title, text: say.reset_on_its_way, onward };
    Ok(waiting::keep(login, login.pages.notice(speech, StatusCode::OK, &notice), return_to)?)
}

/// May somebody at that address ask for a message now? Whether a person gets one too often is counted where it is
/// known whom it is for.
pub(crate) async fn too_soon(login: &Login, peer: Option<PeerAddress>) -> Result<Option<Duration>, Trouble> {
    let targets: Vec<_> = peer.map(|PeerAddress(address)| Target::Address(address)).into_iter().collect();
    Ok(match login.parts.throttle.attempt(&targets).await? {
        Attempt::Allowed => None,
        Attempt::TooMany { wait } => Some(wait),
    })
}

fn purpose(return_to: Option<&ReturnTo>) -> Purpose<'_> {
    Purpose { action: "forgot-password", subject: return_to.map_or("", ReturnTo::path) }
}

fn again(
    login: &Login,
    speech: Speech,
    return_to: Option<&ReturnTo>,
    (status, title, text): (StatusCode, &str, &str),
) -> Reply {
    let address = forgot_password_address(&login.site, return_to, speech.ui_locales());
    let onward = Some(Onward { address: &address, label: speech.say().try_again });
    login.pages.notice(speech, status, &Notice { title, text, onward })
}

#[derive(Template)]
#[template(path = "forgot_password.html")]
struct ForgotPasswordPage<'a> {
    say: &'static Messages,
    root: &'a str,
    ui_locales: Option<&'static str>,
    csrf: String,
    return_to: Option<&'a ReturnTo>,
    back: &'a str,
}
