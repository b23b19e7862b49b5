//! `/sign-out`: the end of this browser's session.

use std::time::Duration;

use grantway_core::audit::Event;
use grantway_core::http::{Reply, is_same_origin};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::Login;
use crate::addresses;
use crate::page::{Notice, Onward, Trouble};
use crate::return_to::sign_in_address;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::{SESSION_COOKIE, Visitor};

/// POST: ends the session. Who has none is told the same.
pub(crate) async fn submit(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let csrf = form.one("csrf")?.unwrap_or_default();
    let signed_out =
        Reply::see_other(&Secret::new(sign_in_address(&login.site, None, None, speech.ui_locales())));
    let Some(visitor) = Visitor::recognise(login, headers).await? else {
        return Ok(signed_out);
    };
    let own = is_same_origin(headers, &login.site.place.origin)
        && login.parts.csrf.accepts(csrf, ACTION, visitor.session.sid.as_str(), "");
    if !own {
        return Ok(stale(login, speech));
    }
    let forget = end(login, headers).await?;
    let Visitor { session, .. } = visitor;
    let Session { subject, sid, .. } = session;
    login.parts.audit.record(Event::SignedOut { subject, sid, client_id: None });
    Ok(forget.into_iter().fold(signed_out, |reply, cookie| reply.and(SET_COOKIE, cookie)))
}

/// Ends the session of this browser, and returns what makes the browser forget it.
pub(crate) async fn end(login: &Login, headers: &HeaderMap) -> Result<Vec<HeaderValue>, SeamError> {
    let Some(cookie) = login.site.cookies.read(headers, SESSION_COOKIE) else {
        // Another site may have posted this, without the cookies of a person who is signed in.
        return Ok(Vec::new());
    };
    login.parts.sessions.end(&cookie).await?;
    let forget = login.site.cookies.set(SESSION_COOKIE, &Secret::new(""), Some(Duration::ZERO));
    Ok(forget.into_iter().collect())
}

/// The hidden field of the form that signs `visitor` out.
pub(crate) fn token(login: &Login, visitor: &Visitor) -> String {
    login.parts.csrf.token(ACTION, visitor.session.sid.as_str(), "")
}

fn stale(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    let notice = Notice {
        title: say.still_signed_in_title,
        text: say.stale_sign_out,
        onward: Some(Onward {
            address: &login.site.place.at(&speech.address(addresses::SIGNED_IN)),
            label: say.back,
        }),
    };
    login.pages.notice(speech, StatusCode::FORBIDDEN, &notice)
}

const ACTION: &str = "sign-out";
