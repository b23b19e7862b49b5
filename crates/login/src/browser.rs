//! A browser before anybody has signed in with it, and the forms that were sent to it.

use std::time::Duration;

use grantway_core::http::{Form, FormFault, Reply, is_same_origin};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::HeaderMap;
use http::header::SET_COOKIE;

use crate::Login;

/// Named by a cookie, so that a form sent to it is good nowhere else.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    name: Secret,
    is_new: bool,
}

/// What a form does, and about what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose<'a> {
    pub(crate) action: &'static str,
    pub(crate) subject: &'a str,
}

impl Browser {
    /// As it names itself, else by a new name.
    pub(crate) fn meet(login: &Login, headers: &HeaderMap) -> Self {
        match login.site.cookies.read(headers, COOKIE) {
            Some(name) => Self { name, is_new: false },
            None => Self { name: Secret::draw(&*login.parts.entropy, ""), is_new: true },
        }
    }

    /// The browser that posted `form`, if it was sent to it, for that purpose, by a page of ours.
    pub(crate) fn of_own_form(
        login: &Login,
        headers: &HeaderMap,
        form: &Form,
        purpose: Purpose<'_>,
    ) -> Result<Option<Self>, FormFault> {
        let csrf = form.one("csrf")?.unwrap_or_default();
        let Some(name) = login.site.cookies.read(headers, COOKIE) else { return Ok(None) };
        let Purpose { action, subject } = purpose;
        let own = is_same_origin(headers, &login.site.place.origin)
            && login.parts.csrf.accepts(csrf, action, name.expose(), subject);
        Ok(own.then_some(Self { name, is_new: false }))
    }

    /// The hidden field of a form that is sent to it.
    pub(crate) fn csrf(&self, login: &Login, Purpose { action, subject }: Purpose<'_>) -> String {
        login.parts.csrf.token(action, self.name.expose(), subject)
    }

    /// Tells it its name, if it does not know it yet.
    pub(crate) fn introduce(&self, login: &Login, reply: Reply) -> Result<Reply, SeamError> {
        if self.is_new { with_cookie(login, reply, (COOKIE, &self.name), None) } else { Ok(reply) }
    }
}

/// Of a lifetime of zero the browser forgets it.
pub(crate) fn with_cookie(
    login: &Login,
    reply: Reply,
    (name, value): (&str, &Secret),
    lifetime: Option<Duration>,
) -> Result<Reply, SeamError> {
    match login.site.cookies.set(name, value, lifetime) {
        Some(cookie) => Ok(reply.and(SET_COOKIE, cookie)),
        None => Err(SeamError::broken("cookies", "a cookie's value that no header carries")),
    }
}

const COOKIE: &str = "grantway_browser";
