//! An access token that comes back to us: is it one of ours, of now, and does what it stands for stand?

use grantway_core::claims::AccessTokenClaims;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::jws::TokenType;
use grantway_core::seam::{GrantStanding, Held, JwsFault, SeamError, Verification, VerificationRules};
use grantway_core::secret::Secret;
use serde_json::Value;

use crate::Server;
use crate::metadata::SIGNED_BY;

/// Proves all that, and nothing of whom it is for.
pub(crate) async fn believe(server: &Server, token: &Secret) -> Result<AccessTokenClaims, AccessTokenFault> {
    let keys = server.parts.signer.published().await?;
    let rules = VerificationRules {
        keys: &keys,
        algorithms: &SIGNED_BY,
        // `JWT` is what some clients' tokens carry. An ID token carries it too, but it does not name a
        // client_id and a scope.
        types: &[TokenType::AccessToken, TokenType::Jwt],
        untyped: false,
    };
    let claims = match server.parts.verifier.verify(token.expose(), rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(fault) => return Err(AccessTokenFault::Signature(fault)),
    };
    let claims: AccessTokenClaims =
        serde_json::from_value(Value::Object(claims)).map_err(|_| AccessTokenFault::OtherToken)?;
    if claims.iss != server.addresses.issuer {
        return Err(AccessTokenFault::OtherToken);
    }
    if claims.exp <= server.parts.clock.now() {
        return Err(AccessTokenFault::Expired);
    }
    stands(server, &claims).await?;
    Ok(claims)
}

/// What the store knows of a token without a grant that was revoked.
pub(crate) fn name_of(claims: &AccessTokenClaims) -> TokenDigest {
    TokenDigest::of(DigestKind::TokenId, &Secret::new(claims.jti.as_str()))
}

async fn stands(server: &Server, claims: &AccessTokenClaims) -> Result<(), AccessTokenFault> {
    let Some(grant_id) = claims.grant_id else {
        let revoked = server.parts.replays.is_claimed(&name_of(claims), claims.exp).await?;
        return if revoked { Err(AccessTokenFault::Revoked) } else { Ok(()) };
    };
    match server.parts.grants.look_up(Held::Number(grant_id)).await? {
        GrantStanding::Live(grant) | GrantStanding::Spent(grant)
            if grant.terms.client_id == claims.client_id && grant.terms.subject.as_str() == claims.sub =>
        {
            Ok(())
        }
        GrantStanding::Live(_) | GrantStanding::Spent(_) => Err(AccessTokenFault::OtherToken),
        GrantStanding::Revoked | GrantStanding::Unknown => Err(AccessTokenFault::Revoked),
    }
}

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessTokenFault {
    #[error(transparent)]
    Signature(JwsFault),
    #[error("the token is not an access token for this server")]
    OtherToken,
    #[error("the access token has expired")]
    Expired,
    #[error("the access token was revoked")]
    Revoked,
    #[error(transparent)]
    Seam(#[from] SeamError),
}
