//! An ID token that comes back to us, to say whom it is about: OpenID Connect Core section 3.1.2.1.

use grantway_core::claims::IdTokenClaims;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{SeamError, TrustedKeys, Verification, VerificationRules};
use serde_json::Value;

use crate::Server;

/// What it says, if it is one of ours. It may have expired: it opens nothing.
pub(crate) async fn read(server: &Server, token: &str) -> Result<Option<IdTokenClaims>, SeamError> {
    let keys = server.parts.signer.published().await?;
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&keys),
        algorithms: &JwsAlgorithm::OF_AN_INSTANCE,
        types: &[TokenType::Jwt],
        untyped: false,
    };
    let claims = match server.parts.verifier.verify(token, rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(_) => return Ok(None),
    };
    let claims: Option<IdTokenClaims> = serde_json::from_value(Value::Object(claims)).ok();
    // An access token may be of the same type and say as much, but it also says who asked for it.
    let is_ours = |claims: &IdTokenClaims| {
        claims.iss == server.addresses.issuer && !claims.extra.contains_key("client_id")
    };
    Ok(claims.filter(is_ours))
}
