//! Decisions in the log: identifiers, never payloads.

use grantway_core::audit::{Audit, Event};
use tracing::{error, info, warn};

/// Writes every event as one line of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoggedAudit;

impl Audit for LoggedAudit {
    fn record(&self, event: Event) {
        match event {
            Event::SignedIn { subject, sid } => info!(%subject, %sid, "signed in"),
            Event::SignInFailed { subject, reason } => {
                let subject = subject.map(String::from);
                warn!(subject, reason, "sign-in failed");
            }
            Event::SignedOut { subject, sid, client_id } => {
                let client_id = client_id.map(String::from);
                info!(%subject, %sid, client_id, "signed out");
            }
            Event::CodeIssued { client_id, subject } => info!(%client_id, %subject, "code issued"),
            Event::ConsentDenied { client_id, subject } => info!(%client_id, %subject, "consent denied"),
            Event::AuthorizationRefused { client_id, error } => {
                let client_id = client_id.map(String::from);
                warn!(client_id, %error, "authorization refused");
            }
            Event::ClientAuthenticated { client_id, method } => {
                info!(%client_id, method = method.as_str(), "client authenticated");
            }
            Event::ClientRefused { client_id, reason } => {
                let client_id = client_id.map(String::from);
                warn!(client_id, reason, "client refused");
            }
            Event::TokenIssued { client_id, grant_type, grant_id } => {
                let grant_id = grant_id.map(|id| id.to_string());
                info!(%client_id, %grant_type, grant_id, "token issued");
            }
            Event::TokenRefused { client_id, grant_type, reason } => {
                warn!(%client_id, %grant_type, ?reason, "token refused");
            }
            Event::Revoked { client_id, grant_id } => {
                let grant_id = grant_id.map(|id| id.to_string());
                info!(%client_id, grant_id, "revoked");
            }
            Event::KeysUnavailable { jwks_uri, why } => warn!(jwks_uri, why, "keys unavailable"),
            Event::MailSent { subject, kind } => info!(%subject, kind, "mail sent"),
            Event::MailNotSent { subject, kind, reason } => {
                let subject = subject.map(String::from);
                warn!(subject, kind, reason, "mail not sent");
            }
            Event::PasswordReset { subject, sessions, grants } => {
                info!(%subject, sessions, grants, "password reset");
            }
            Event::LinkRefused { kind, reason } => warn!(kind, reason, "link refused"),
            Event::EmailVerified { subject } => info!(%subject, "email verified"),
            Event::OtherSessionsEnded { subject, sessions } => {
                info!(%subject, sessions, "other sessions ended");
            }
            Event::PasswordChanged { subject, sessions } => info!(%subject, sessions, "password changed"),
            Event::ConsentRevoked { client_id, subject, grants } => {
                info!(%client_id, %subject, grants, "consent revoked");
            }
            Event::AccessRefused { client_id, reason } => {
                let client_id = client_id.map(String::from);
                warn!(client_id, reason, "access refused");
            }
            Event::ProjectCreated { project_id, by } => {
                let by = by.map(String::from);
                info!(%project_id, by, "project created");
            }
            Event::ApiKeyIssued { api_key_id, project_id, by } => {
                let (project_id, by) = (project_id.map(String::from), by.map(String::from));
                info!(%api_key_id, project_id, by, "api key issued");
            }
            Event::ApiKeyRevoked { api_key_id, project_id, by } => {
                let (project_id, by) = (project_id.map(String::from), by.map(String::from));
                info!(%api_key_id, project_id, by, "api key revoked");
            }
            Event::ApiKeyRefused { api_key_id, reason } => {
                let api_key_id = api_key_id.map(String::from);
                warn!(api_key_id, reason, "api key refused");
            }
            Event::ConnectionTested { api_key_id, project_id, host, success } => {
                info!(%api_key_id, %project_id, host, success, "connection tested");
            }
            Event::MetadataUnavailable { issuer, why } => warn!(issuer, why, "metadata unavailable"),
            Event::Breakdown { part, detail } => error!(part, detail, "breakdown"),
            // The enum may grow; what this program does not know it still writes down.
            other => info!(event = ?other, "event"),
        }
    }
}
