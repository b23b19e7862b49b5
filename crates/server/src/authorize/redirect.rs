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

#[cfg(test)]
mod tests {
    use grantway_core::client::ClientAuthentication;

    use super::*;

    #[test]
    fn it_may_be_left_out_where_there_is_no_choice_and_nowhere_else() {
        for (registered, asked, found) in [
            (&["https://a.test/cb"][..], None, Some("https://a.test/cb")),
            (&["https://a.test/cb", "https://a.test/other"], None, None),
            (&[], None, None),
            (
                &["https://a.test/cb", "https://a.test/other"],
                Some("https://a.test/other"),
                Some("https://a.test/other"),
            ),
            (&["https://a.test/cb"], Some("https://a.test/other"), None),
            (&["http://127.0.0.1/cb"], Some("http://127.0.0.1:5123/cb"), Some("http://127.0.0.1:5123/cb")),
        ] {
            let mut client = Client::new("c1".parse().unwrap(), "One", ClientAuthentication::None);
            client.redirect_uris = registered.iter().map(|uri| uri.parse().unwrap()).collect();

            let redirect = AskedRedirect::of(&client, asked).ok();

            assert_eq!(
                redirect.as_ref().map(|redirect| redirect.uri.as_str()),
                found,
                "{registered:?} {asked:?}"
            );
            assert!(redirect.is_none_or(|redirect| redirect.omitted == asked.is_none()));
        }
    }
}
