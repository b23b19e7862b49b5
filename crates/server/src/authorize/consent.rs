//! When a person is asked to agree, what the page says, and what becomes of the decision.

use askama::Template;
use grantway_core::account::Account;
use grantway_core::audit::Event;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Form, Reply, is_same_origin};
use grantway_core::redirect::RedirectUri;
use grantway_core::seam::SeamError;
use grantway_core::session::Session;
use http::{HeaderMap, StatusCode};
use url::Url;

use super::request::{Asked, Proven};
use super::respond::{self, Stop};
use crate::Server;
use crate::addresses::CONSENT;
use crate::parts::ServerParts;

/// Asked for, or never agreed to, or agreed to by somebody who cannot be told from others.
pub(crate) async fn is_needed(
    parts: &ServerParts,
    proven: &Proven,
    asked: &Asked,
    session: &Session,
) -> Result<bool, SeamError> {
    let client = &proven.client;
    // RFC 8252 section 8.6: any program on the machine can use such a redirect, so a remembered
    // agreement says nothing about who asks today.
    let anybody = client.is_public() && proven.registered.proves_no_identity();
    if asked.prompt.consent || anybody {
        return Ok(true);
    }
    if !client.consent_required {
        return Ok(false);
    }
    let agreed = parts.consents.recall(&session.subject, &client.client_id).await?;
    Ok(!asked.scope.is_subset(&agreed))
}

/// Who asks, whither it leads, and for what, in words.
pub(crate) async fn page(
    server: &Server,
    form: &Form,
    proven: &Proven,
    asked: &Asked,
    session: &Session,
) -> Result<Reply, Stop> {
    let parts = &server.parts;
    let account = parts.accounts.find(&session.subject).await.map_err(|fault| proven.broken(fault))?;
    let Some(account) = account.filter(|account| account.enabled) else {
        let why = "the account is gone or disabled";
        return Err(proven.stop(ProtocolError::new(ErrorCode::AccessDenied, why)));
    };
    let page = ConsentPage {
        client_name: &proven.client.client_name,
        client_home: proven.client.client_uri.as_deref().map(host),
        account: label(&account),
        whither: host(&proven.redirect_uri),
        wishes: asked.scope.iter().map(describe).collect(),
        action: format!("{CONSENT}/{}", path_segment(proven.client.client_id.as_str())),
        fields: form.pairs().collect(),
        csrf: parts.csrf.token(ACTION, session.sid.as_str(), &subject(form)),
    };
    let main = page.render().map_err(|fault| proven.broken(SeamError::broken("consent page", fault)))?;
    let title = format!("{} asks for access", proven.client.client_name);
    let target = RedirectUri::form_action_source(&proven.redirect_uri);
    Ok(server.shell.page_with_form_target(StatusCode::OK, &title, &main, target.as_deref()))
}

/// Was the decision posted by our page, in this sign-in, about this request?
pub(crate) fn is_own_form(server: &Server, headers: &HeaderMap, form: &Form, session: &Session) -> bool {
    let Ok(Some(token)) = form.one("csrf") else { return false };
    is_same_origin(headers, &server.addresses.origin)
        && server.parts.csrf.accepts(token, ACTION, session.sid.as_str(), &subject(form))
}

/// `true` agrees; anything else does not.
pub(crate) async fn settle(
    parts: &ServerParts,
    form: &Form,
    proven: &Proven,
    asked: &Asked,
    session: Session,
) -> Result<Reply, Stop> {
    let client_id = proven.client.client_id.clone();
    if !matches!(form.one("consented"), Ok(Some("true"))) {
        parts.audit.record(Event::ConsentDenied { client_id, subject: session.subject });
        return Err(proven.stop(ProtocolError::new(ErrorCode::AccessDenied, "the person did not agree")));
    }
    let remembered = parts.consents.remember(&session.subject, &client_id, &asked.scope).await;
    remembered.map_err(|fault| proven.broken(fault))?;
    respond::code(parts, proven, asked, session).await
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    client_name: &'a str,
    client_home: Option<String>,
    account: String,
    whither: String,
    wishes: Vec<&'a str>,
    action: String,
    /// The whole request, sent again with the decision.
    fields: Vec<(&'a str, &'a str)>,
    csrf: String,
}

fn describe(scope: &str) -> &str {
    match scope {
        "openid" => "know that it is you",
        "profile" => "see your name, your picture and the rest of your profile",
        "email" => "see your email address",
        "address" => "see your postal address",
        "phone" => "see your phone number",
        "public_metadata" => "see what this service notes about you for applications",
        "private_metadata" => "see what this service notes about you in confidence",
        "offline_access" => "keep this access while you are away, until you take it back",
        other => other,
    }
}

fn label(account: &Account) -> String {
    let claims = &account.claims;
    let handle = claims.email.as_ref().or(claims.preferred_username.as_ref());
    match (&claims.name, handle) {
        (Some(name), Some(handle)) => format!("{name} ({handle})"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => account.subject.to_string(),
    }
}

/// The part of an address by which people know where they are.
fn host(address: &str) -> String {
    let url = Url::parse(address).ok();
    let host = url.as_ref().and_then(|url| url.host_str().map(str::to_owned));
    host.or_else(|| url.map(|url| format!("the application {}", url.scheme()))).unwrap_or_default()
}

fn path_segment(client_id: &str) -> String {
    url::form_urlencoded::byte_serialize(client_id.as_bytes()).collect()
}

/// Everything but the token and the decision: a request that was changed on the way does not fit.
fn subject(form: &Form) -> String {
    form.to_query(&["csrf", "consented"])
}

const ACTION: &str = "consent";
