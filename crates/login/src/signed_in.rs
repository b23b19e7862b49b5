//! `/signed-in`: where a person ends who signed in without an application that waits.

use askama::Template;
use grantway_core::http::Reply;
use grantway_core::secret::Secret;
use http::StatusCode;

use crate::Login;
use crate::addresses;
use crate::messages::Messages;
use crate::page::{Head, Trouble};
use crate::return_to::sign_in_address;
use crate::visitation::Visitation;
use crate::visitor::Visitor;
use crate::{sign_out, verify_email};

/// GET: who is signed in, and the way out.
pub(crate) async fn show(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let speech = visitation.speech();
    let Some(visitor) = Visitor::recognise(login, &visitation.headers).await? else {
        return Ok(Reply::see_other(&Secret::new(sign_in_address(
            &login.site,
            None,
            None,
            speech.ui_locales(),
        ))));
    };
    let page = SignedInPage {
        say: speech.say(),
        root: &login.site.place.root,
        name: visitor.name(),
        verification: verify_email::offer(login, &visitor),
        account: login
            .parts
            .account_page
            .is_some()
            .then(|| login.site.place.at(&speech.address(addresses::ACCOUNT))),
        csrf: sign_out::token(login, &visitor),
        ui_locales: speech.ui_locales(),
    };
    Ok(login.pages.render(speech, Head::of(StatusCode::OK, page.say.signed_in), &page)?)
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage<'a> {
    say: &'static Messages,
    root: &'a str,
    name: &'a str,
    /// The hidden field of the form that asks for a link, if her address is not verified.
    verification: Option<String>,
    /// Where her own page is, if there is one.
    account: Option<String>,
    csrf: String,
    ui_locales: Option<&'static str>,
}
