//! An ID token that comes back to us, to say whom it is about: OpenID Connect Core section 3.1.2.1.

use grantway_core::claims::IdTokenClaims;
use grantway_core::jws::TokenType;
use grantway_core::seam::{SeamError, Verification, VerificationRules};
use serde_json::Value;

use crate::Server;
use crate::metadata::SIGNED_BY;

/// What it says, if it is one of ours. It may have expired: it opens nothing.
pub(crate) async fn read(server: &Server, token: &str) -> Result<Option<IdTokenClaims>, SeamError> {
    let keys = server.parts.signer.published().await?;
    let rules =
        VerificationRules { keys: &keys, algorithms: &SIGNED_BY, types: &[TokenType::Jwt], untyped: false };
    let claims = match server.parts.verifier.verify(token, rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(_) => return Ok(None),
    };
    // An access token may be of the same type, but says no `auth_time` of a client of its own, and its
    // audience is no client.
    let claims: Option<IdTokenClaims> = serde_json::from_value(Value::Object(claims)).ok();
    Ok(claims.filter(|claims| claims.iss == server.addresses.issuer))
}
