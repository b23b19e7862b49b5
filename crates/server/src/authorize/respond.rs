//! The answer to an authorization request: a code, an error by redirect, or a page.

use std::time::Duration;

use grantway_core::audit::Event;
use grantway_core::authorize::AuthorizationAnswer;
use grantway_core::error::ProtocolError;
use grantway_core::grant::{CodeBinding, GrantTerms};
use grantway_core::http::{FormFault, Reply};
use grantway_core::ids::ClientId;
use grantway_core::seam::{IssueCode, SeamError};
use grantway_core::session::Session;
use http::StatusCode;

use super::request::{Asked, Proven};
use crate::Server;
use crate::http::BodyFault;
use crate::page::{self, Refused};
use crate::parts::ServerParts;

/// The good end (RFC 6749 section 4.1.2): the first of the two writes of a sign-in.
pub(crate) async fn code(
    parts: &ServerParts,
    proven: &Proven,
    asked: &Asked,
    session: Session,
) -> Result<Reply, Stop> {
    let Session { sid, subject, auth_time, acr, amr, .. } = session;
    let client = &proven.client;
    let terms = GrantTerms {
        client_id: client.client_id.clone(),
        subject,
        scope: asked.scope.clone(),
        sid: Some(sid),
        auth_time,
        acr: Some(acr),
        amr,
        nonce: asked.nonce.clone(),
        resources: Vec::new(),
        authorization_details: None,
        confirmation: None,
        actor: None,
        refreshable: client.gets_refresh_token(&asked.scope),
    };
    let binding = CodeBinding {
        redirect_uri: (!proven.omitted).then(|| proven.redirect_uri.clone()),
        code_challenge: asked.code_challenge.clone(),
        lifetime: CODE_LIFETIME,
    };
    let issued = parts.grants.issue_code(IssueCode { terms: &terms, code: &binding }).await;
    let code = issued.map_err(|fault| proven.broken(fault))?;
    parts.audit.record(Event::CodeIssued { client_id: terms.client_id, subject: terms.subject });
    let answer = AuthorizationAnswer::Code(code);
    let target = answer.redirect_to(&proven.redirect_uri, proven.state.as_deref(), &parts.issuer);
    Ok(Reply::see_other(&target))
}

/// Every other end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The request cannot be read at all.
    Body(BodyFault),
    /// The client or the redirect stands twice.
    Form(FormFault),
    /// No client is named.
    NoClient,
    /// Nobody of that name.
    UnknownClient(ClientId),
    /// The redirect is not registered, or missing where there are several.
    Redirection(ClientId),
    /// A part broke down before anything was proven.
    Unreachable(SeamError),
    /// A part broke down later: the client is told by redirect, the operator by the audit.
    Broken {
        /// By redirect.
        told: Box<Stop>,
        /// For the operator.
        breakdown: SeamError,
    },
    /// The decision of a consent page that is not ours, or too old.
    Stale,
    /// Reported to the client (RFC 6749 section 4.1.2.1).
    Redirect { client_id: ClientId, redirect_uri: String, state: Option<String>, error: ProtocolError },
}

impl Stop {
    pub(crate) fn reply(self, server: &Server) -> Reply {
        let parts = &server.parts;
        match self {
            Self::Body(BodyFault::Form(FormFault::TooLarge)) => {
                unreadable(server, StatusCode::PAYLOAD_TOO_LARGE, "the request is too large")
            }
            Self::Body(fault) => unreadable(server, StatusCode::BAD_REQUEST, &fault.to_string()),
            Self::Form(fault) => unreadable(server, StatusCode::BAD_REQUEST, &fault.to_string()),
            Self::NoClient => {
                unreadable(server, StatusCode::BAD_REQUEST, "the parameter client_id is missing or malformed")
            }
            Self::UnknownClient(client_id) => {
                let hint = format!("no application {client_id} is registered here, or it is disabled");
                unreadable(server, StatusCode::UNAUTHORIZED, &hint)
            }
            Self::Redirection(client_id) => {
                let hint = format!(
                    "the redirect_uri is not one of those registered for {client_id}; it is compared \
                     character by character"
                );
                unreadable(server, StatusCode::BAD_REQUEST, &hint)
            }
            Self::Unreachable(breakdown) => page::breakdown(server, &breakdown),
            Self::Broken { told, breakdown } => {
                server.note(&breakdown);
                told.reply(server)
            }
            Self::Stale => {
                let page = Refused {
                    title: "Nothing was decided",
                    text: "The form was too old, or it came from somewhere else. Please go back to the \
                           application and start again from there.",
                    hint: None,
                    again: None,
                };
                page.reply(server, StatusCode::FORBIDDEN)
            }
            Self::Redirect { client_id, redirect_uri, state, error } => {
                let code = error.error;
                parts.audit.record(Event::AuthorizationRefused { client_id: Some(client_id), error: code });
                let answer = AuthorizationAnswer::Error(error);
                Reply::see_other(&answer.redirect_to(&redirect_uri, state.as_deref(), &parts.issuer))
            }
        }
    }
}

fn unreadable(server: &Server, status: StatusCode, hint: &str) -> Reply {
    let page = Refused {
        title: "This sign-in cannot go on",
        text: "The application that sent you here made a mistake, so you were not sent back to it. Go back \
               and try again; if that does not help, tell whoever runs the application.",
        hint: Some(hint),
        again: None,
    };
    page.reply(server, status)
}

impl From<BodyFault> for Stop {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

/// RFC 6749 section 4.1.2 allows ten minutes; a client that is there needs none of them.
const CODE_LIFETIME: Duration = Duration::from_secs(60);
