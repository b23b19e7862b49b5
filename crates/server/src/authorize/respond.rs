//! The ends of an authorization request: back to the application, or a page.

use std::time::Duration;

use grantway_core::audit::Event;
use grantway_core::authorize::AuthorizationAnswer;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::grant::{CodeBinding, GrantTerms};
use grantway_core::http::{Language, Reply};
use grantway_core::ids::ClientId;
use grantway_core::seam::{IssueCode, SeamError};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use http::StatusCode;

use super::caller::{Caller, Unproven};
use super::request::AuthorizationRequest;
use crate::Server;
use crate::form_post::FormPost;
use crate::messages::Messages;
use crate::page::Notice;

/// Opens the grant and returns its code.
pub(super) async fn open_grant(
    server: &Server,
    caller: &Caller,
    request: &AuthorizationRequest,
    session: &Session,
) -> Result<Secret, SeamError> {
    let Session { sid, subject, auth_time, acr, amr, expires_at: _ } = session.clone();
    let terms = GrantTerms {
        client_id: caller.client.client_id.clone(),
        subject,
        scope: request.scope.clone(),
        claims: request.claims.clone(),
        sid: Some(sid),
        auth_time,
        acr: Some(acr),
        amr,
        nonce: request.nonce.clone(),
        resources: Vec::new(),
        authorization_details: None,
        confirmation: None,
        actor: None,
        refreshable: caller.client.gets_refresh_token(&request.scope),
    };
    let binding = CodeBinding {
        // RFC 6749 section 4.1.3: due at the token endpoint if it stood in the request.
        redirect_uri: (!caller.redirect.omitted).then(|| caller.redirect.uri.clone()),
        code_challenge: request.code_challenge.clone(),
        lifetime: CODE_LIFETIME,
    };
    server.parts.grants.issue_code(IssueCode { terms: &terms, code: &binding }).await
}

/// Sends the code to the application.
pub(super) fn with_code(server: &Server, caller: &Caller, session: &Session, code: Secret) -> Reply {
    let (client_id, subject) = (caller.client.client_id.clone(), session.subject.clone());
    server.parts.audit.record(Event::CodeIssued { client_id, subject });
    back(server, caller, &AuthorizationAnswer::Code(code))
}

/// Tells the application by redirect.
pub(super) fn refuse(server: &Server, caller: &Caller, error: ProtocolError) -> Reply {
    refused(server, Some(&caller.client.client_id), error.error);
    back(server, caller, &AuthorizationAnswer::Error(error))
}

/// Tells the person, because there is nobody else who may be told.
pub(super) fn unproven(server: &Server, language: Language, unproven: &Unproven) -> Reply {
    if let Unproven::Seam(breakdown_) = unproven {
        return breakdown(server, language, breakdown_);
    }
    refused(server, unproven.client_id(), unproven.code());
    let say = Messages::of(language);
    let notice = Notice {
        title: say.cannot_sign_you_in_title,
        text: say.cannot_sign_you_in,
        detail: Some(unproven.describe()),
    };
    server.pages.notice(language, unproven.status(), &notice)
}

/// A consent form from elsewhere, of another sign-in, or with something changed in it.
pub(super) fn not_our_form(server: &Server, language: Language) -> Reply {
    refused(server, None, ErrorCode::AccessDenied);
    let say = Messages::of(language);
    let notice = Notice { title: say.nothing_allowed_title, text: say.nothing_allowed, detail: None };
    server.pages.notice(language, StatusCode::FORBIDDEN, &notice)
}

/// For want of anybody else to tell, the person is told.
fn breakdown(server: &Server, language: Language, breakdown: &SeamError) -> Reply {
    server.note(breakdown);
    server.pages.breakdown(language, breakdown)
}

fn back(server: &Server, caller: &Caller, answer: &AuthorizationAnswer) -> Reply {
    let parameters = answer.parameters(caller.state.as_deref(), &server.addresses.issuer);
    if let Some(address) = caller.response_mode.address(&caller.redirect.uri, &parameters) {
        return Reply::see_other(&address);
    }
    let language = caller.language;
    let title = (Messages::of(language).back_to)(&caller.client.client_name);
    let page = FormPost { title: &title, action: &caller.redirect.uri, parameters };
    page.page(server, language).unwrap_or_else(|fault| breakdown(server, language, &fault))
}

fn refused(server: &Server, client_id: Option<&ClientId>, error: ErrorCode) {
    server.parts.audit.record(Event::AuthorizationRefused { client_id: client_id.cloned(), error });
}

/// RFC 6749 section 4.1.2 allows ten minutes; a client that is there needs seconds.
const CODE_LIFETIME: Duration = Duration::from_secs(60);
