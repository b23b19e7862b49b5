//! A token in the client's own name: RFC 6749 section 4.4.

use grantway_core::claims::RELEASED_BY;
use grantway_core::client::Client;
use grantway_core::http::Form;
use grantway_core::scope::{OFFLINE_ACCESS, OPENID, ScopeSet};
use grantway_core::token::{GrantType, TokenResponse};

use crate::Server;
use crate::error::{ScopeFault, TokenError};
use crate::issue;

pub(super) async fn exchange(
    server: &Server,
    client: &Client,
    form: &Form,
) -> Result<TokenResponse, TokenError> {
    // RFC 6749 section 4.4: for confidential clients alone.
    if client.is_public() {
        return Err(TokenError::GrantNotAllowed);
    }
    let scope = match super::asked_scope(form)? {
        None => {
            client.default_scope.iter().filter(|scope| !needs_person(scope)).collect::<Vec<_>>().join(" ")
        }
        Some(asked) if asked.iter().any(needs_person) => return Err(ScopeFault::NeedsPerson.into()),
        Some(asked) if !asked.is_subset(&client.scope) => return Err(ScopeFault::BeyondClient.into()),
        Some(asked) => asked.to_string(),
    };
    let scope: ScopeSet = scope.parse()?;
    let response = issue::for_client(server, client, &scope).await?;
    super::issued(server, client, GrantType::ClientCredentials, None);
    Ok(response)
}

/// Is this scope about somebody, and here there is nobody?
fn needs_person(scope: &str) -> bool {
    matches!(scope, OPENID | OFFLINE_ACCESS)
        || RELEASED_BY.iter().any(|(released_by, _)| *released_by == scope)
}
