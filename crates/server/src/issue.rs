//! Tokens: RFC 9068 for access, OpenID Connect Core section 2 for identity.

use std::collections::BTreeSet;

use grantway_core::account::Account;
use grantway_core::claims::{AccessTokenClaims, Audience, IdTokenClaims};
use grantway_core::claims_request::is_within;
use grantway_core::client::Client;
use grantway_core::digest::half_hash;
use grantway_core::grant::{Grant, GrantTerms};
use grantway_core::ids::draw_jti;
use grantway_core::jws::TokenType;
use grantway_core::scope::{OPENID, ScopeSet};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::token::TokenResponse;
use serde_json::Map;

use crate::Server;
use crate::{access_token, sign};

/// What a person allowed, and how much of it this answer is for.
#[derive(Debug)]
pub(crate) struct Granted<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) account: &'a Account,
    pub(crate) scope: &'a ScopeSet,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) refresh_token: Option<Secret>,
}

pub(crate) async fn for_person(
    server: &Server,
    client: &Client,
    granted: Granted<'_>,
) -> Result<TokenResponse, SeamError> {
    let terms = &granted.grant.terms;
    let claims = AccessTokenClaims {
        aud: audience(server, &terms.resources),
        auth_time: Some(terms.auth_time),
        acr: terms.acr.clone(),
        amr: Some(terms.amr.clone()).filter(|amr| !amr.is_empty()),
        grant_id: Some(granted.grant.id),
        ..own_claims(server, client, terms.subject.as_str(), granted.scope)
    };
    let access_token = access_token::write(server, client, &claims).await?;
    let id_token = if granted.scope.contains(OPENID) {
        Some(id_token(server, client, &granted, &access_token).await?)
    } else {
        None
    };
    Ok(TokenResponse {
        refresh_token: granted.refresh_token,
        id_token,
        ..bearer(client, access_token, granted.scope)
    })
}

pub(crate) async fn for_client(
    server: &Server,
    client: &Client,
    scope: &ScopeSet,
) -> Result<TokenResponse, SeamError> {
    let claims = own_claims(server, client, client.client_id.as_str(), scope);
    let access_token = access_token::write(server, client, &claims).await?;
    Ok(bearer(client, access_token, scope))
}

fn bearer(client: &Client, access_token: Secret, scope: &ScopeSet) -> TokenResponse {
    TokenResponse {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: Some(client.access_token.lifetime.as_secs()),
        refresh_token: None,
        // An empty scope has no spelling (RFC 6749 section 3.3).
        scope: Some(scope.clone()).filter(|scope| !scope.is_empty()),
        id_token: None,
        extra: Map::new(),
    }
}

/// For the issuer's own resources, in the name of `sub`.
fn own_claims(server: &Server, client: &Client, sub: &str, scope: &ScopeSet) -> AccessTokenClaims {
    let now = server.parts.clock.now();
    AccessTokenClaims {
        iss: server.addresses.issuer.clone(),
        sub: sub.to_owned(),
        aud: audience(server, &[]),
        exp: now.plus(client.access_token.lifetime),
        iat: now,
        jti: draw_jti(&*server.parts.entropy),
        client_id: client.client_id.clone(),
        scope: scope.clone(),
        auth_time: None,
        acr: None,
        amr: None,
        grant_id: None,
        extra: Map::new(),
    }
}

fn audience(server: &Server, resources: &[String]) -> Audience {
    match resources {
        [] => Audience::One(server.addresses.issuer.clone()),
        [one] => Audience::One(one.clone()),
        many => Audience::Many(many.to_vec()),
    }
}

async fn id_token(
    server: &Server,
    client: &Client,
    granted: &Granted<'_>,
    access_token: &Secret,
) -> Result<Secret, SeamError> {
    let terms = &granted.grant.terms;
    let now = server.parts.clock.now();
    let claims = IdTokenClaims {
        iss: server.addresses.issuer.clone(),
        sub: terms.subject.clone(),
        aud: Audience::One(client.client_id.to_string()),
        exp: now.plus(client.id_token.lifetime),
        iat: now,
        jti: Some(draw_jti(&*server.parts.entropy)),
        auth_time: Some(terms.auth_time),
        azp: None,
        nonce: granted.nonce.map(str::to_owned),
        acr: terms.acr.clone(),
        amr: terms.amr.clone(),
        sid: terms.sid.clone(),
        at_hash: Some(half_hash(client.id_token.alg.hash(), access_token.expose())),
        c_hash: None,
        extra: granted
            .account
            .release(granted.scope, &still_seen(client, terms, granted.scope, &terms.claims.id_token)),
    };
    sign::jwt(server, client.id_token.alg, TokenType::Jwt, &claims).await
}

/// The claims by name that a token of this scope shows: a scope may have been taken from the client since, and of
/// what was granted as a scope, a token shows what its own scope covers.
pub(crate) fn still_seen(
    client: &Client,
    terms: &GrantTerms,
    scope: &ScopeSet,
    claims: &BTreeSet<String>,
) -> BTreeSet<String> {
    let was_given_up = |claim: &str| is_within(claim, &terms.scope) && !is_within(claim, scope);
    let seen = |claim: &&String| is_within(claim, &client.scope) && !was_given_up(claim);
    claims.iter().filter(seen).cloned().collect()
}
