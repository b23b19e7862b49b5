//! Where the answers of a request go.

use grantway_core::client::Client;
use grantway_core::redirect::RedirectUri;

/// A redirect that a registration of the application allows.
#[derive(Clone, Debug)]
pub(super) struct AskedRedirect {
    /// The registration that it matched.
    pub(super) registered: RedirectUri,
    /// As it was asked for; its port may differ from the registration's.
    pub(super) uri: String,
    /// Did the request leave it out? Then the token request may, too.
    pub(super) omitted: bool,
}

/// Why nothing may be sent there.
#[derive(Clone, Copy, Debug)]
pub(super) enum RedirectFault {
    Unregistered,
    /// It was left out, and there is a choice.
    Missing,
}

impl AskedRedirect {
    pub(super) fn of(client: &Client, asked: Option<&str>) -> Result<Self, RedirectFault> {
        let registered = match (asked, client.redirect_uris.as_slice()) {
            (Some(asked), registered) => registered
                .iter()
                .find(|registered| registered.matches(asked))
                .ok_or(RedirectFault::Unregistered)?,
            // RFC 6749 section 3.1.2.3: may be left out where there is no choice.
            (None, [only]) => only,
            (None, _) => return Err(RedirectFault::Missing),
        };
        let uri = asked.unwrap_or(registered.as_str()).to_owned();
        Ok(Self { registered: registered.clone(), uri, omitted: asked.is_none() })
    }
}
