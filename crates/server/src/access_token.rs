//! Access tokens: written here, and believed here when they come back.

use grantway_core::base64url;
use grantway_core::claims::AccessTokenClaims;
use grantway_core::client::{AccessTokenFormat, AccessTokenPolicy, Client};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::grant::Grant;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{
    GrantStanding, Held, JwsFault, Opened, SealContext, SeamError, TrustedKeys, Verification,
    VerificationRules,
};
use grantway_core::secret::Secret;
use serde_json::Value;

use crate::Server;
use crate::sign;

/// As the client's tokens are written.
pub(crate) async fn write(
    server: &Server,
    client: &Client,
    claims: &AccessTokenClaims,
) -> Result<Secret, SeamError> {
    let AccessTokenPolicy { format, alg, typ, lifetime: _ } = client.access_token;
    match format {
        AccessTokenFormat::Jwt => sign::jwt(server, alg, typ, claims).await,
        AccessTokenFormat::Opaque => {
            let claims =
                serde_json::to_vec(claims).map_err(|fault| SeamError::broken("token claims", fault))?;
            let sealed = server.parts.sealer.seal(&claims, context(server))?;
            Ok(Secret::new(format!("{OPAQUE}{}", base64url::encode(sealed))))
        }
    }
}

/// A token that is good.
#[derive(Clone, Debug)]
pub(crate) struct Believed {
    pub(crate) claims: AccessTokenClaims,
    /// What it came from, if a person allowed it.
    pub(crate) grant: Option<Box<Grant>>,
}

/// Proves that it is one of ours, of now, and that what it stands for stands; nothing of whom it is for.
pub(crate) async fn believe(server: &Server, token: &Secret) -> Result<Believed, AccessTokenFault> {
    let claims = match token.expose().strip_prefix(OPAQUE) {
        Some(sealed) => opened(server, sealed)?,
        None => verified(server, token).await?,
    };
    if claims.iss != server.addresses.issuer {
        return Err(AccessTokenFault::OtherToken);
    }
    if claims.exp <= server.parts.clock.now() {
        return Err(AccessTokenFault::Expired);
    }
    let grant = stands(server, &claims).await?;
    Ok(Believed { claims, grant })
}

/// Could that be an access token? No refresh token could: it has neither that beginning nor a period.
pub(crate) fn looks_like_one(token: &Secret) -> bool {
    token.expose().starts_with(OPAQUE) || token.expose().contains('.')
}

fn opened(server: &Server, sealed: &str) -> Result<AccessTokenClaims, AccessTokenFault> {
    let sealed = base64url::decode(sealed).map_err(|_| AccessTokenFault::OtherToken)?;
    match server.parts.sealer.open(&sealed, context(server))? {
        Opened::Plain(claims) => serde_json::from_slice(&claims).map_err(|_| AccessTokenFault::OtherToken),
        Opened::Refused(_) => Err(AccessTokenFault::OtherToken),
    }
}

async fn verified(server: &Server, token: &Secret) -> Result<AccessTokenClaims, AccessTokenFault> {
    let keys = server.parts.signer.published().await?;
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&keys),
        algorithms: &JwsAlgorithm::OF_AN_INSTANCE,
        // `JWT` is what some clients' tokens carry. An ID token carries it too, but it does not name a
        // client_id and a scope.
        types: &[TokenType::AccessToken, TokenType::Jwt],
        untyped: false,
    };
    let claims = match server.parts.verifier.verify(token.expose(), rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(fault) => return Err(AccessTokenFault::Signature(fault)),
    };
    serde_json::from_value(Value::Object(claims)).map_err(|_| AccessTokenFault::OtherToken)
}

/// What the store knows of a token without a grant that was revoked.
pub(crate) fn name_of(claims: &AccessTokenClaims) -> TokenDigest {
    TokenDigest::of(DigestKind::TokenId, &Secret::new(claims.jti.as_str()))
}

async fn stands(server: &Server, claims: &AccessTokenClaims) -> Result<Option<Box<Grant>>, AccessTokenFault> {
    let Some(grant_id) = claims.grant_id else {
        let revoked = server.parts.replays.is_claimed(&name_of(claims), claims.exp).await?;
        return if revoked { Err(AccessTokenFault::Revoked) } else { Ok(None) };
    };
    match server.parts.grants.look_up(Held::Number(grant_id)).await? {
        GrantStanding::Live(grant) | GrantStanding::Spent(grant)
            if grant.terms.client_id == claims.client_id && grant.terms.subject.as_str() == claims.sub =>
        {
            Ok(Some(grant))
        }
        GrantStanding::Live(_) | GrantStanding::Spent(_) => Err(AccessTokenFault::OtherToken),
        GrantStanding::Revoked | GrantStanding::Unknown => Err(AccessTokenFault::Revoked),
    }
}

/// All opaque tokens are one field: what one is, is in it.
fn context(server: &Server) -> SealContext<'_> {
    SealContext { instance: &server.parts.instance, record: "", field: "access_token" }
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

/// How opaque tokens begin, so that whoever finds one knows what it is.
const OPAQUE: &str = "oat_";
