//! The token endpoint: RFC 6749 section 3.2.

mod authorization_code;
mod client_assertion;
pub(crate) mod client_auth;
mod client_credentials;
pub(crate) mod client_fault;
mod refresh_token;

use std::sync::Arc;

use grantway_core::account::Account;
use grantway_core::audit::Event;
use grantway_core::client::Client;
use grantway_core::grant::{Grant, Refusal};
use grantway_core::http::{Form, Reply};
use grantway_core::scope::ScopeSet;
use grantway_core::token::{GrantType, TokenResponse};
use http::StatusCode;

use crate::Server;
use crate::error::{ScopeFault, TokenError};
use crate::http::Posted;

pub(crate) async fn answer(server: &Server, posted: &Posted) -> Reply {
    match exchange(server, posted).await {
        Ok(response) => Reply::json(StatusCode::OK, &response).no_store(),
        Err(error) => error.answer(server),
    }
}

async fn exchange(server: &Server, posted: &Posted) -> Result<TokenResponse, TokenError> {
    let form = posted.form()?;
    form.without_repetition()?;
    let client = client_auth::authenticate(server, &posted.headers, &form).await?;
    let grant_type = grant_type(&form)?;
    if !client.may_use(grant_type) {
        return Err(TokenError::GrantNotAllowed);
    }
    match grant_type {
        GrantType::AuthorizationCode => authorization_code::exchange(server, &client, &form).await,
        GrantType::RefreshToken => refresh_token::exchange(server, &client, &form).await,
        GrantType::ClientCredentials => client_credentials::exchange(server, &client, &form).await,
    }
}

fn grant_type(form: &Form) -> Result<GrantType, TokenError> {
    let raw = form.one("grant_type")?.ok_or(TokenError::Missing("grant_type"))?;
    raw.parse().map_err(|_| TokenError::UnsupportedGrantType)
}

/// The scope of a token request, if it names any.
fn asked_scope(form: &Form) -> Result<Option<ScopeSet>, TokenError> {
    let Some(raw) = form.one("scope")? else { return Ok(None) };
    let asked: ScopeSet = raw.parse().map_err(|_| ScopeFault::Malformed)?;
    Ok((!asked.is_empty()).then_some(asked))
}

/// Whoever gave the grant, if he still may; else the grant is over.
async fn grantor(server: &Server, grant: &Grant) -> Result<Arc<Account>, TokenError> {
    let account = server.parts.accounts.find(&grant.terms.subject).await?;
    if let Some(account) = account.filter(|account| account.enabled) {
        return Ok(account);
    }
    server.parts.grants.revoke(grant.id).await?;
    Err(TokenError::NoAccount)
}

fn issued(server: &Server, client: &Client, grant_type: GrantType, grant: Option<&Grant>) {
    server.parts.audit.record(Event::TokenIssued {
        client_id: client.client_id.clone(),
        grant_type,
        grant_id: grant.map(|grant| grant.id),
    });
}

fn refused(server: &Server, client: &Client, grant_type: GrantType, reason: Refusal) -> TokenError {
    let client_id = client.client_id.clone();
    server.parts.audit.record(Event::TokenRefused { client_id, grant_type, reason });
    TokenError::Refused(reason)
}
