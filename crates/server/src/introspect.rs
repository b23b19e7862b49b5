//! What a token is good for: RFC 7662.

use grantway_core::claims::AccessTokenClaims;
use grantway_core::grant::Grant;
use grantway_core::http::Reply;
use grantway_core::ids::Subject;
use grantway_core::introspect::IntrospectionResponse;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::StatusCode;

use crate::Server;
use crate::error::TokenError;
use crate::http::Posted;
use crate::shown_token::ShownToken;
use crate::token::client_auth;
use crate::token::client_fault::ClientFault;

pub(crate) async fn answer(server: &Server, posted: &Posted) -> Reply {
    match introspect(server, posted).await {
        Ok(response) => Reply::json(StatusCode::OK, &response).no_store(),
        Err(error) => error.answer(server),
    }
}

async fn introspect(server: &Server, posted: &Posted) -> Result<IntrospectionResponse, TokenError> {
    let form = posted.form()?;
    form.without_repetition()?;
    let client = client_auth::authenticate(server, &posted.headers, &form).await?;
    if client.is_public() {
        // RFC 7662 section 2.1: or anybody could try tokens until one is good.
        return Err(ClientFault::Nothing.into());
    }
    let token = Secret::new(form.one("token")?.ok_or(TokenError::Missing("token"))?);
    Ok(match ShownToken::recognise(server, &client, &token).await? {
        // Its own: of another client's tokens nobody is told anything.
        ShownToken::Access(claims)
            if claims.client_id == client.client_id && has_person(server, &claims).await? =>
        {
            of_access_token(*claims)
        }
        ShownToken::Refresh(grant) if is_enabled(server, &grant.terms.subject).await? => {
            of_refresh_token(server, *grant)
        }
        // RFC 7662 section 2.2: not why, and not whose.
        ShownToken::Access(_)
        | ShownToken::Refresh(_)
        | ShownToken::SpentRefresh(_)
        | ShownToken::Nothing => IntrospectionResponse::inactive(),
    })
}

/// Is the person there and enabled whom the token is about, if it is about one?
async fn has_person(server: &Server, claims: &AccessTokenClaims) -> Result<bool, SeamError> {
    match claims.sub.parse() {
        _ if claims.grant_id.is_none() => Ok(true),
        Ok(subject) => is_enabled(server, &subject).await,
        Err(_) => Ok(false),
    }
}

async fn is_enabled(server: &Server, subject: &Subject) -> Result<bool, SeamError> {
    Ok(server.parts.accounts.find(subject).await?.is_some_and(|account| account.enabled))
}

fn of_access_token(claims: AccessTokenClaims) -> IntrospectionResponse {
    IntrospectionResponse {
        active: true,
        scope: Some(claims.scope).filter(|scope| !scope.is_empty()),
        client_id: Some(claims.client_id),
        token_type: Some("Bearer".to_owned()),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        sub: Some(claims.sub),
        aud: Some(claims.aud),
        iss: Some(claims.iss),
        jti: Some(claims.jti),
        auth_time: claims.auth_time,
        acr: claims.acr,
        ..IntrospectionResponse::default()
    }
}

fn of_refresh_token(server: &Server, grant: Grant) -> IntrospectionResponse {
    let terms = grant.terms;
    IntrospectionResponse {
        active: true,
        scope: Some(terms.scope).filter(|scope| !scope.is_empty()),
        client_id: Some(terms.client_id),
        sub: Some(terms.subject.into()),
        iss: Some(server.addresses.issuer.clone()),
        auth_time: Some(terms.auth_time),
        acr: terms.acr,
        ..IntrospectionResponse::default()
    }
}
