//! A refresh token for its successor and fresh tokens: RFC 6749 section 6.

use grantway_core::client::Client;
use grantway_core::http::Form;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Rotate, Rotation};
use grantway_core::secret::Secret;
use grantway_core::token::{GrantType, TokenResponse};

use crate::Server;
use crate::error::{ScopeFault, TokenError};
use crate::issue::{self, Granted};

pub(super) async fn exchange(
    server: &Server,
    client: &Client,
    form: &Form,
) -> Result<TokenResponse, TokenError> {
    let presented = form.one("refresh_token")?.ok_or(TokenError::Missing("refresh_token"))?;
    let asked = super::asked_scope(form)?;
    if let Some(asked) = &asked {
        still_allowed(client, asked)?;
    }
    let rotate = Rotate {
        refresh_token: &Secret::new(presented),
        client_id: &client.client_id,
        scope: asked.as_ref(),
        lifetime: client.refresh_token.into(),
        access_token_lifetime: client.access_token.lifetime,
    };
    let (grant, refresh_token) = match server.parts.grants.rotate(rotate).await? {
        Rotation::Rotated { grant, refresh_token } => (grant, refresh_token),
        Rotation::Refused(reason) => {
            return Err(super::refused(server, client, GrantType::RefreshToken, reason));
        }
    };
    // Narrowed for this answer alone: the next refresh may ask for all of it again. What was taken from
    // the client since is left out and not refused: the token is swapped by now, and a client that never
    // sees its successor would look like a thief the next time.
    let scope = &asked.as_ref().unwrap_or(&grant.terms.scope).within(&client.scope);
    let account = super::grantor(server, &grant).await?;
    let granted = Granted {
        grant: &grant,
        account: &account,
        scope,
        // OpenID Connect Core section 12.2: it belonged to the first ID token.
        nonce: None,
        refresh_token: Some(refresh_token),
    };
    let response = issue::for_person(server, client, granted).await?;
    super::issued(server, client, GrantType::RefreshToken, Some(&grant));
    Ok(response)
}

/// A scope may have been taken from the client since it was granted.
fn still_allowed(client: &Client, scope: &ScopeSet) -> Result<(), ScopeFault> {
    if scope.is_subset(&client.scope) { Ok(()) } else { Err(ScopeFault::Withdrawn) }
}
