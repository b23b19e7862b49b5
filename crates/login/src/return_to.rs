//! Where a browser goes after it has signed in: never away from our own origin.

use std::sync::Arc;

use grantway_core::client::Client;
use grantway_core::http::{CsrfKey, Form, FormFault, UI_LOCALES};
use grantway_core::ids::ClientId;
use grantway_core::redirect::RedirectUri;
use grantway_core::seam::{ClientDirectory, SeamError};
use url::form_urlencoded::Serializer;

use crate::addresses;
use crate::site::Site;

/// A path and query on our own origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnTo {
    path: String,
    voucher: Option<String>,
}

impl ReturnTo {
    /// What the server asked to come back to; the voucher says on the way back that it was the server.
    pub(crate) fn of_server(raw: &str, site: &Site, key: &CsrfKey) -> Option<Self> {
        let path = own_path(raw, site)?;
        let voucher = Some(key.token(VOUCHER, "", &path));
        Some(Self { path, voucher })
    }

    /// What a link or a form says. Whatever leads away, or is too long, is as good as absent.
    pub(crate) fn of_form(form: &Form, site: &Site, key: &CsrfKey) -> Result<Option<Self>, FormFault> {
        let voucher = form.one(VOUCHER)?;
        let Some(path) = form.one(RETURN_TO)?.and_then(|raw| own_path(raw, site)) else {
            return Ok(None);
        };
        let voucher = voucher.filter(|voucher| key.accepts(voucher, VOUCHER, "", &path));
        Ok(Some(Self { voucher: voucher.map(str::to_owned), path }))
    }

    /// Safe as a `Location`.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The voucher as it stands in a hidden field.
    pub(crate) fn voucher(&self) -> Option<&str> {
        self.voucher.as_deref()
    }

    /// As it stands in an address.
    pub(crate) fn query(&self) -> String {
        Serializer::new(String::new())
            .append_pair(RETURN_TO, &self.path)
            .extend_pairs(self.voucher().map(|voucher| (VOUCHER, voucher)))
            .finish()
    }

    /// Where the server may send the browser on at once. Browsers hold every redirect that follows a
    /// form against that form's `form-action`, so the sign-in page has to name it (Content Security
    /// Policy Level 3, section 6.4.1). Only the server's word is taken for it, never a stranger's link.
    pub(crate) fn form_target(&self) -> Option<String> {
        RedirectUri::form_action_source(self.vouched()?.one("redirect_uri").ok()??)
    }

    /// The application that waits there, by the server's word likewise.
    fn client_id(&self) -> Option<ClientId> {
        self.vouched()?.one("client_id").ok()??.parse().ok()
    }

    fn vouched(&self) -> Option<Form> {
        self.voucher.as_ref()?;
        let (_, query) = self.path.split_once('?')?;
        Form::parse(query.as_bytes()).ok()
    }
}

/// The application that waits there, if one does and still may.
pub(crate) async fn application(
    return_to: Option<&ReturnTo>,
    clients: &dyn ClientDirectory,
) -> Result<Option<Arc<Client>>, SeamError> {
    let Some(client_id) = return_to.and_then(ReturnTo::client_id) else { return Ok(None) };
    Ok(clients.find(&client_id).await?.filter(|client| client.enabled))
}

/// The address of the sign-in page that leads there.
pub(crate) fn sign_in_address(
    site: &Site,
    return_to: Option<&ReturnTo>,
    login_hint: Option<&str>,
    ui_locales: Option<&'static str>,
) -> String {
    address_with(site, addresses::SIGN_IN, return_to, login_hint, ui_locales)
}

/// The address of the page on which a new password is asked for; it leads back to where the sign-in leads.
pub(crate) fn forgot_password_address(
    site: &Site,
    return_to: Option<&ReturnTo>,
    ui_locales: Option<&'static str>,
) -> String {
    address_with(site, addresses::FORGOT_PASSWORD, return_to, None, ui_locales)
}

/// The address of a page of ours from which the sign-in is reached, and leads there.
pub(crate) fn address_with(
    site: &Site,
    page: &'static str,
    return_to: Option<&ReturnTo>,
    login_hint: Option<&str>,
    ui_locales: Option<&'static str>,
) -> String {
    let mut query = Serializer::new(return_to.map(ReturnTo::query).unwrap_or_default());
    query.extend_pairs(login_hint.map(|hint| ("login_hint", hint)));
    query.extend_pairs(ui_locales.map(|tag| (UI_LOCALES, tag)));
    let (page, query) = (site.place.at(page), query.finish());
    if query.is_empty() { page } else { format!("{page}?{query}") }
}

fn own_path(raw: &str, site: &Site) -> Option<String> {
    let begins_well = raw.starts_with('/') && !raw[1..].starts_with(['/', '\\']);
    let plain = !raw.contains(|c: char| c == '\\' || c.is_control());
    (raw.len() <= MAX_BYTES && begins_well && plain)
        .then(|| site.own_path(raw))
        .flatten()
        .filter(|path| path.len() <= MAX_BYTES)
}

/// The longest that is followed, in bytes.
const MAX_BYTES: usize = 16 * 1024;
const RETURN_TO: &str = "return_to";
const VOUCHER: &str = "voucher";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn site() -> Site {
        "https://op.test".parse().unwrap()
    }

    fn key() -> CsrfKey {
        CsrfKey::new([7; 32])
    }

    fn read(raw: &str) -> Option<ReturnTo> {
        let query = Serializer::new(String::new()).append_pair(RETURN_TO, raw).finish();
        let form = Form::parse(query.as_bytes()).ok()?;
        ReturnTo::of_form(&form, &site(), &key()).unwrap()
    }

    #[test]
    fn only_a_path_of_our_own_is_followed() {
        for (raw, path) in [
            ("/", Some("/")),
            (
                "/oauth/authorize?client_id=a&state=%2F%2Fb",
                Some("/oauth/authorize?client_id=a&state=%2F%2Fb"),
            ),
            ("/a?u=https://evil.test/", Some("/a?u=https://evil.test/")),
            ("/a b", Some("/a%20b")),
            ("/caf\u{e9}", Some("/caf%C3%A9")),
            ("/a#fragment", Some("/a")),
            ("/a/../b", Some("/b")),
            ("/@evil.test", Some("/@evil.test")),
            ("", None),
            ("//evil.test", None),
            ("///evil.test", None),
            ("/\\evil.test", None),
            ("\\\\evil.test", None),
            ("/\t/evil.test", None),
            ("/\n/evil.test", None),
            ("\t//evil.test", None),
            (" //evil.test", None),
            ("https:evil.test", None),
            ("https://evil.test/", None),
            ("https://op.test/", None),
            ("javascript:alert(1)", None),
            ("evil.test", None),
            ("?a", None),
            ("/..//evil.test", None),
            ("/.//evil.test", None),
            ("/a/..//evil.test", None),
            ("/%2e%2e//evil.test", None),
            ("/%2e//evil.test", None),
            ("/a\\..\\..\\/evil.test", None),
            ("/\u{0}", None),
            ("/\u{85}/evil.test", None),
        ] {
            assert_eq!(read(raw).as_ref().map(ReturnTo::path), path, "{raw:?}");
        }
    }

    #[test]
    fn a_request_of_eight_kibibytes_comes_back_whole_and_what_is_endless_does_not() {
        let long = format!("/oauth/authorize?state={}", "%2F".repeat(8 * 1024 / 3));
        let endless = format!("/{}", "a".repeat(MAX_BYTES));

        assert_eq!(read(&long).unwrap().path(), long);
        assert!(read(&endless).is_none());
        assert!(read(&format!("/{}", "\u{e9}".repeat(MAX_BYTES / 3))).is_none(), "it grows when encoded");
    }

    #[test]
    fn only_the_servers_word_opens_the_policy_to_a_redirect() {
        let asked = "/oauth/authorize?client_id=a&redirect_uri=https%3A%2F%2Fapp.test%2Fcb%3Fx%3D1";
        let from_server = ReturnTo::of_server(asked, &site(), &key()).unwrap();
        let (_, query) = sign_in_address(&site(), Some(&from_server), None, None)
            .split_once('?')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let carried =
            ReturnTo::of_form(&Form::parse(query.as_bytes()).unwrap(), &site(), &key()).unwrap().unwrap();
        let elsewhere = query.replace("app.test", "evil.test");
        let tampered =
            ReturnTo::of_form(&Form::parse(elsewhere.as_bytes()).unwrap(), &site(), &key()).unwrap().unwrap();

        assert_eq!(carried, from_server);
        assert_eq!(carried.form_target().as_deref(), Some("https://app.test"));
        assert_eq!(carried.client_id().unwrap().as_str(), "a");
        assert_eq!((tampered.form_target(), tampered.client_id()), (None, None));
        assert_eq!(read(asked).unwrap().form_target(), None);
    }

    proptest! {
        #[test]
        fn no_text_leads_away(raw in "[/\\\\.:@?#% a-z\\t\\n\u{e9}]{0,40}|/\\PC{0,40}|.{0,40}") {
            if let Some(found) = own_path(&raw, &site()) {
                let followed = Url::parse("https://op.test/sign-in").unwrap().join(&found).unwrap();
                prop_assert_eq!(followed.origin().ascii_serialization(), "https://op.test");
                prop_assert!(found.starts_with('/') && !found.starts_with("//"));
                prop_assert!(found.bytes().all(|byte| (0x21..=0x7e).contains(&byte)));
                prop_assert_eq!(own_path(&found, &site()), Some(found));
            }
        }

        #[test]
        fn what_the_address_carries_is_read_again(path in "/[^\\p{C}]{0,40}", hint in "[^\\p{C}]{1,20}") {
            if let Some(asked) = ReturnTo::of_server(&path, &site(), &key()) {
                let address = sign_in_address(&site(), Some(&asked), Some(&hint), Some("fr"));
                let form = Form::parse(address.split_once('?').unwrap().1.as_bytes()).unwrap();
                prop_assert_eq!(ReturnTo::of_form(&form, &site(), &key()).unwrap(), Some(asked));
                prop_assert_eq!(form.one("login_hint").unwrap(), Some(hint.as_str()));
                prop_assert_eq!(form.one(UI_LOCALES).unwrap(), Some("fr"));
            }
        }
    }
}
