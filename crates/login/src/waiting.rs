//! The application that waits while a person reads her mail.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::http::{Form, Reply};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::HeaderMap;

use crate::Login;
use crate::browser::with_cookie;
use crate::links::LinkKind;
use crate::return_to::ReturnTo;

/// Lets the browser remember where it goes on. In the link it would be read along, by whoever reads the mail,
/// and written by whoever asked for it.
pub(crate) fn keep(login: &Login, reply: Reply, return_to: Option<&ReturnTo>) -> Result<Reply, SeamError> {
    let kept = return_to.filter(|return_to| return_to.voucher().is_some()).map(ReturnTo::query);
    match kept.map(base64url::encode).filter(|value| value.len() <= MAX_BYTES) {
        Some(value) => {
            with_cookie(login, reply, (COOKIE, &Secret::new(value)), Some(LinkKind::ResetPassword.lifetime()))
        }
        None => Ok(reply),
    }
}

/// Where it goes on, if the server once said so.
pub(crate) fn recall(login: &Login, headers: &HeaderMap) -> Option<ReturnTo> {
    let kept = base64url::decode(login.site.cookies.read(headers, COOKIE)?.expose()).ok()?;
    let form = Form::parse(&kept).ok()?;
    let return_to = ReturnTo::of_form(&form, &login.site, &login.parts.csrf).ok()??;
    return_to.voucher().is_some().then_some(return_to)
}

/// Once she is there, or has arrived otherwise, it waits no longer.
pub(crate) fn forget(login: &Login, headers: &HeaderMap, reply: Reply) -> Result<Reply, SeamError> {
    if login.site.cookies.read(headers, COOKIE).is_none() {
        return Ok(reply);
    }
    with_cookie(login, reply, (COOKIE, &Secret::new("")), Some(Duration::ZERO))
}

const COOKIE: &str = "grantway_waiting";
/// Browsers keep no larger cookie (RFC 6265 section 6.1), its name and attributes included.
const MAX_BYTES: usize = 3800;
