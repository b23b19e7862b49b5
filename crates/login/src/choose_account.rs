//! `/choose-account`: as whom to go on, when an application asks (`prompt=select_account`, OpenID Connect Core
//! section 3.1.2.1). A browser has one sign-in, so the choice is that one or another.

use std::sync::Arc;

use askama::Template;
use grantway_core::client::Client;
use grantway_core::http::{Reply, is_same_origin};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::time::Timestamp;
use http::{HeaderMap, StatusCode};

use crate::Login;
use crate::addresses;
use crate::browser::with_cookie;
use crate::messages::Messages;
use crate::page::{Head, Notice, Onward, Trouble};
use crate::return_to::{ReturnTo, address_with, application, sign_in_address};
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// Where the choice is made that leads there.
pub(crate) fn address(
    login: &Login,
    return_to: Option<&ReturnTo>,
    ui_locales: Option<&'static str>,
) -> String {
    address_with(&login.site, addresses::CHOOSE_ACCOUNT, return_to, None, ui_locales)
}

/// GET: who is signed in, and the way to somebody else. Where nobody is, there is no choice.
pub(crate) async fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let speech = visitation.speech();
    let return_to = ReturnTo::of_form(&visitation.form, &login.site, &login.parts.csrf)?;
    let return_to = return_to.as_ref();
    let another = sign_in_address(&login.site, return_to, None, speech.ui_locales());
    let Some(visitor) = Visitor::recognise(login, &visitation.headers).await? else {
        return Ok(Reply::see_other(&Secret::new(another)));
    };
    let page = ChooseAccountPage {
        say: speech.say(),
        root: &login.site.place.root,
        ui_locales: speech.ui_locales(),
        csrf: login.parts.csrf.token(ACTION, visitor.session.sid.as_str(), subject(return_to)),
        client: application(return_to, &*login.parts.clients).await?,
        return_to,
        name: visitor.name(),
        handle: visitor.handle(),
        another,
    };
    let target = return_to.and_then(ReturnTo::form_target);
    let head =
        Head { status: StatusCode::OK, title: page.say.choose_account_title, form_target: target.as_deref() };
    Ok(login.pages.render(speech, head, &page)?)
}

/// POST: as she who is signed in.
pub(crate) async fn submit(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let Visitation { headers, form, .. } = visitation;
    let speech = visitation.speech();
    let return_to = ReturnTo::of_form(form, &login.site, &login.parts.csrf)?;
    let return_to = return_to.as_ref();
    let csrf = form.one("csrf")?.unwrap_or_default();
    let own = is_same_origin(headers, &login.site.place.origin);
    let visitor = Visitor::recognise(login, headers).await?.filter(|visitor| {
        own && login.parts.csrf.accepts(csrf, ACTION, visitor.session.sid.as_str(), subject(return_to))
    });
    let Some(visitor) = visitor else { return Ok(stale(login, speech, return_to)) };
    let onward = return_to.map_or_else(
        || login.site.place.at(&speech.address(addresses::SIGNED_IN)),
        |to| to.path().to_owned(),
    );
    let reply = Reply::see_other(&Secret::new(onward));
    let choice = written(login, &visitor.session, login.parts.clock.now());
    Ok(with_cookie(login, reply, (COOKIE, &choice), None)?)
}

/// Did the person choose this very sign-in since then?
pub(crate) fn is_chosen(login: &Login, headers: &HeaderMap, session: &Session, since: Timestamp) -> bool {
    let Some(choice) = login.site.cookies.read(headers, COOKIE) else { return false };
    let Some((at, proof)) = choice.expose().split_once('.') else { return false };
    let Ok(seconds) = at.parse() else { return false };
    Timestamp::from_unix(seconds) >= since
        && login.parts.csrf.accepts(proof, CHOSEN, session.sid.as_str(), at)
}

/// Proves who chose and when, so that nobody plants a choice.
fn written(login: &Login, session: &Session, at: Timestamp) -> Secret {
    let at = at.unix().to_string();
    let proof = login.parts.csrf.token(CHOSEN, session.sid.as_str(), &at);
    Secret::new(format!("{at}.{proof}"))
}

fn subject(return_to: Option<&ReturnTo>) -> &str {
    return_to.map_or("", ReturnTo::path)
}

fn stale(login: &Login, speech: Speech, return_to: Option<&ReturnTo>) -> Reply {
    let say = speech.say();
    let address = address(login, return_to, speech.ui_locales());
    let onward = Some(Onward { address: &address, label: say.try_again });
    let notice = Notice { title: say.stale_title, text: say.stale, onward };
    login.pages.notice(speech, StatusCode::FORBIDDEN, &notice)
}

#[derive(Template)]
#[template(path = "choose_account.html")]
struct ChooseAccountPage<'a> {
    say: &'static Messages,
    root: &'a str,
    ui_locales: Option<&'static str>,
    csrf: String,
    client: Option<Arc<Client>>,
    return_to: Option<&'a ReturnTo>,
    name: &'a str,
    /// What tells one account of hers from another, if her name does not.
    handle: Option<&'a str>,
    another: String,
}

const ACTION: &str = "choose-account";
const CHOSEN: &str = "account chosen";
const COOKIE: &str = "grantway_choice";
