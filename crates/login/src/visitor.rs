//! Who sits at a browser.

use std::sync::Arc;

use grantway_core::account::Account;
use grantway_core::seam::SeamError;
use grantway_core::session::Session;
use http::HeaderMap;

use crate::Login;

/// Somebody who is signed in and may be.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) session: Session,
    pub(crate) account: Arc<Account>,
}

impl Visitor {
    /// By the session cookie. An account that was disabled since is signed in nowhere.
    pub(crate) async fn recognise(login: &Login, headers: &HeaderMap) -> Result<Option<Self>, SeamError> {
        let Some(cookie) = login.site.cookies.read(headers, SESSION_COOKIE) else {
            return Ok(None);
        };
        let Some(session) = login.parts.sessions.find(&cookie).await? else {
            return Ok(None);
        };
        let account = login.parts.accounts.find(&session.subject).await?;
        Ok(account.filter(|account| account.enabled).map(|account| Self { session, account }))
    }

    /// What to call the person on a page.
    pub(crate) fn name(&self) -> &str {
        let claims = &self.account.claims;
        [&claims.name, &claims.preferred_username, &claims.email]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or(self.account.subject.as_str())
    }

    /// What tells one account of hers from another, where that is not how she is called anyway.
    pub(crate) fn handle(&self) -> Option<&str> {
        let claims = &self.account.claims;
        let handle = claims.email.as_deref().or(claims.preferred_username.as_deref());
        handle.filter(|handle| *handle != self.name())
    }
}

/// Holds the value by which the session ledger knows a sign-in.
pub(crate) const SESSION_COOKIE: &str = "grantway_session";
