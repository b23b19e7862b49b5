//! What this server signs.

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{SeamError, ToSign};
use grantway_core::secret::Secret;
use serde::Serialize;

use crate::Server;

/// A JWT of ours.
pub(crate) async fn jwt(
    server: &Server,
    algorithm: JwsAlgorithm,
    typ: TokenType,
    claims: &impl Serialize,
) -> Result<Secret, SeamError> {
    let claims = serde_json::to_vec(claims).map_err(|fault| SeamError::broken("token claims", fault))?;
    server.parts.signer.sign(ToSign { algorithm, typ, claims: &claims }).await
}
