//! The question to the person: may this application do that?

use askama::Template;
use grantway_core::account::Account;
use grantway_core::audit::Event;
use grantway_core::http::{Form, Reply, right};
use grantway_core::redirect::RedirectUri;
use grantway_core::seam::SeamError;
use grantway_core::session::Session;
use grantway_core::web_address::WebAddress;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::caller::Caller;
use super::request::AuthorizationRequest;
use super::resume::{CONSENTED, CSRF, carried, carried_query};
use crate::Server;
use crate::addresses::CONSENT;
use crate::messages::Messages;

/// Must the person be asked?
pub(super) async fn is_needed(
    server: &Server,
    caller: &Caller,
    request: &AuthorizationRequest,
    session: &Session,
) -> Result<bool, SeamError> {
    let Caller { client, redirect, .. } = caller;
    // RFC 8252 section 8.6: any program on the machine could be the one that asks.
    let nobody_in_particular = client.is_public() && redirect.registered.proves_no_identity();
    if request.prompt.consent || nobody_in_particular {
        return Ok(true);
    }
    if !client.consent_required {
        return Ok(false);
    }
    let agreed = server.parts.consents.recall(&session.subject, &client.client_id).await?;
    let rights = request.rights();
    // A ledger cannot tell an empty scope that was agreed from none.
    Ok(rights.is_empty() || !rights.is_subset(&agreed))
}

/// What the page is about.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) form: &'a Form,
    pub(super) request: &'a AuthorizationRequest,
    pub(super) session: &'a Session,
    pub(super) account: &'a Account,
}

pub(super) fn show(server: &Server, caller: &Caller, asking: &Asking<'_>) -> Result<Reply, SeamError> {
    let client_id: String = byte_serialize(caller.client.client_id.as_str().as_bytes()).collect();
    let language = caller.language;
    let say = Messages::of(language);
    let client_name = &*caller.client.client_name;
    let page = ConsentPage {
        say,
        client_name,
        logo: caller.client.logo_path().map(|path| server.addresses.place.at(&path)),
        policy_uri: caller.client.policy_uri.as_ref().map(WebAddress::as_str),
        tos_uri: caller.client.tos_uri.as_ref().map(WebAddress::as_str),
        applicant: match caller.client.client_uri.as_deref().and_then(host) {
            Some(home) => format!("{client_name} ({home})"),
            None => client_name.to_owned(),
        },
        destination: destination(say, &caller.redirect.uri),
        account: name(asking.account),
        rights: asking.request.rights().iter().map(|scope| right(language, scope)).collect(),
        action: server.addresses.place.at(&format!("{CONSENT}/{client_id}")),
        csrf: server.parts.csrf.token(
            ACTION,
            asking.session.sid.as_str(),
            &carried_query(&caller.redirect, asking.form),
        ),
        carried: carried(&caller.redirect, asking.form).collect(),
    };
    let title = (say.asks_for_access)(client_name);
    let target = RedirectUri::form_action_source(&caller.redirect.uri);
    server.pages.render(language, &title, &page, target.as_deref())
}

/// Is this the form that we showed to this sign-in, with every parameter as it was?
pub(super) fn is_our_form(server: &Server, caller: &Caller, form: &Form, session: &Session) -> bool {
    let subject = carried_query(&caller.redirect, form);
    let token = form.one(CSRF).ok().flatten();
    token.is_some_and(|token| server.parts.csrf.accepts(token, ACTION, session.sid.as_str(), &subject))
}

/// `true` agrees; anything else does not.
pub(super) fn is_given(form: &Form) -> bool {
    form.one(CONSENTED) == Ok(Some("true"))
}

pub(super) fn denied(server: &Server, caller: &Caller, session: &Session) {
    server.parts.audit.record(Event::ConsentDenied {
        client_id: caller.client.client_id.clone(),
        subject: session.subject.clone(),
    });
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    say: &'static Messages,
    client_name: &'a str,
    logo: Option<String>,
    policy_uri: Option<&'a str>,
    tos_uri: Option<&'a str>,
    /// With its host, where it has one.
    applicant: String,
    destination: String,
    account: String,
    rights: Vec<String>,
    action: String,
    csrf: String,
    carried: Vec<(&'a str, &'a str)>,
}

/// The person's name for himself, and what tells one account of his from another.
fn name(account: &Account) -> String {
    let claims = &account.claims;
    let handle = claims.email.as_deref().or(claims.preferred_username.as_deref());
    match (claims.name.as_deref(), handle) {
        (Some(name), Some(handle)) => format!("{name} ({handle})"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => account.subject.to_string(),
    }
}

fn destination(say: &Messages, redirect_uri: &str) -> String {
    let host = host(redirect_uri);
    match (redirect_uri.starts_with("https://"), host) {
        (true, Some(host)) => host,
        (false, Some(host)) => (say.program_at)(&host),
        (_, None) => say.program_here.to_owned(),
    }
}

fn host(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

const ACTION: &str = "consent";

#[cfg(test)]
mod tests {
    use grantway_core::http::Language;

    use super::*;

    #[test]
    fn the_page_says_whose_host_or_that_it_is_a_program_here() {
        for (redirect_uri, said) in [
            ("https://app.test:8443/cb", "app.test"),
            ("http://127.0.0.1:5123/cb", "a program on this device (127.0.0.1)"),
            ("com.example.app:/cb", "a program on this device"),
        ] {
            assert_eq!(destination(Messages::of(Language::En), redirect_uri), said);
        }
    }
}
