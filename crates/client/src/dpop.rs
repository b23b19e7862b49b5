//! Proofs that a client holds the key its tokens are bound to: RFC 9449.

use grantway_core::dpop::{ProofClaims, access_token_hash, target_uri};
use grantway_core::ids::draw_jti;
use grantway_core::jws::TokenType;
use grantway_core::seam::{SeamError, ToSign};
use grantway_core::secret::Secret;
use http::{HeaderValue, Method};

use crate::error::ClientError;
use crate::inner::Inner;
use crate::registration::DpopKey;
use crate::setup_fault::SetupFault;

impl Inner {
    /// The `DPoP` header of one request.
    pub(crate) async fn proof(
        &self,
        key: &DpopKey,
        method: &Method,
        address: &str,
        access_token: Option<&Secret>,
    ) -> Result<HeaderValue, ClientError> {
        let htu = target_uri(address)
            .map_err(|_| SetupFault::Address { member: "address", address: address.to_owned() })?;
        let claims = ProofClaims {
            jti: draw_jti(&*self.parts.entropy),
            htm: method.to_string(),
            htu,
            iat: self.parts.clock.now(),
            nonce: self.nonces.of(address),
            ath: access_token.map(|token| access_token_hash(token.expose())),
        };
        let claims = serde_json::to_vec(&claims).map_err(|why| SeamError::broken("DPoP proof", why))?;
        let what = ToSign { algorithm: key.algorithm, typ: TokenType::DpopProof, claims: &claims };
        let proof = key.signer.sign(what).await?;
        let header = HeaderValue::from_str(proof.expose());
        Ok(header.map_err(|why| SeamError::broken("DPoP proof", why))?)
    }

    /// The thumbprint of the key, by which a code is bound to it as well (RFC 9449 section 10).
    pub(crate) async fn dpop_jkt(&self) -> Result<Option<String>, ClientError> {
        let Some(key) = &self.registration.dpop else { return Ok(None) };
        let published = key.signer.published().await?;
        let named = published.keys.iter().find(|own| own.alg.as_deref() == Some(key.algorithm.as_str()));
        let thumbprint = named.and_then(grantway_core::jwk::Jwk::thumbprint);
        Ok(Some(thumbprint.ok_or(SetupFault::DpopKey(key.algorithm))?))
    }
}
