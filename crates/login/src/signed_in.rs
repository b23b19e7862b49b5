//! `/signed-in`: where a person ends who signed in without an application that waits.

use askama::Template;
use grantway_core::http::Reply;
use grantway_core::secret::Secret;
use http::{HeaderMap, StatusCode};

use crate::Login;
use crate::page::Trouble;
use crate::return_to::sign_in_address;
use crate::sign_out;
use crate::visitor::Visitor;

/// GET: who is signed in, and the way out.
pub(crate) async fn show(login: &Login, headers: &HeaderMap) -> Result<Reply, Trouble> {
    let Some(visitor) = Visitor::recognise(login, headers).await? else {
        return Ok(Reply::see_other(&Secret::new(sign_in_address(None, None))));
    };
    let page = SignedInPage { name: visitor.name(), csrf: sign_out::token(login, &visitor) };
    Ok(login.pages.render(StatusCode::OK, "Signed in", &page, None)?)
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage<'a> {
    name: &'a str,
    csrf: String,
}

pub(crate) const ADDRESS: &str = "/signed-in";
