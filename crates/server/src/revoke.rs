//! A token that its client gives back: RFC 7009.

use grantway_core::audit::Event;
use grantway_core::client::Client;
use grantway_core::http::Reply;
use grantway_core::ids::GrantId;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::StatusCode;

use crate::Server;
use crate::access_token;
use crate::error::TokenError;
use crate::http::Posted;
use crate::shown_token::ShownToken;
use crate::token::client_auth;

pub(crate) async fn answer(server: &Server, posted: &Posted) -> Reply {
    match revoke(server, posted).await {
        // RFC 7009 section 2.2: whatever the token was, it is not good now.
        Ok(()) => Reply::empty(StatusCode::OK).no_store(),
        Err(error) => error.answer(server),
    }
}

async fn revoke(server: &Server, posted: &Posted) -> Result<(), TokenError> {
    let form = posted.form()?;
    form.without_repetition()?;
    let client = client_auth::authenticate(server, &posted.headers, &form).await?;
    let token = Secret::new(form.one("token")?.ok_or(TokenError::Missing("token"))?);
    match ShownToken::recognise(server, &client, &token).await? {
        // Another client's token is nothing to this one, and stays good.
        ShownToken::Access(claims) if claims.client_id != client.client_id => {}
        ShownToken::Access(claims) => {
            if let Some(grant_id) = claims.grant_id {
                end(server, &client, grant_id).await?;
            } else {
                server.parts.replays.claim(&access_token::name_of(&claims), claims.exp).await?;
                revoked(server, &client, None);
            }
        }
        // A spent one proves as well that it was genuine, and whoever gives it back wants an end.
        ShownToken::Refresh(grant) | ShownToken::SpentRefresh(grant) => {
            end(server, &client, grant.id).await?;
        }
        ShownToken::Nothing => {}
    }
    Ok(())
}

/// Either token ends the grant, and with it the other (RFC 7009 section 2.1).
async fn end(server: &Server, client: &Client, grant_id: GrantId) -> Result<(), SeamError> {
    server.parts.grants.revoke(grant_id).await?;
    revoked(server, client, Some(grant_id));
    Ok(())
}

fn revoked(server: &Server, client: &Client, grant_id: Option<GrantId>) {
    server.parts.audit.record(Event::Revoked { client_id: client.client_id.clone(), grant_id });
}
