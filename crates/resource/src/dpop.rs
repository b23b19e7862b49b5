//! Whether whoever presents a token holds the key that it is bound to: RFC 9449.

use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::dpop::{ProofClaims, access_token_hash, proof_key, target_uri};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::TokenType;
use grantway_core::seam::{Claimed, TrustedKeys, Verification, VerificationRules};
use grantway_core::secret::Secret;
use http::request::Parts;
use serde_json::Value;

use crate::fault::Fault;
use crate::parts::ResourceParts;
use crate::proof_fault::ProofFault;

/// Proves that the sender of the request holds the key with that thumbprint, by RFC 9449 section 4.3; the nonce for the
/// next time, if it is another.
pub(crate) async fn prove(
    parts: &ResourceParts,
    request: &Parts,
    token: &Secret,
    thumbprint: &str,
) -> Result<Option<String>, Fault> {
    let proof = the_one(request)?;
    // What costs nothing comes first: a proof by another key is not worth a signature.
    let key = proof_key(proof).map_err(|_| ProofFault::Malformed)?;
    if key.thumbprint().as_deref() != Some(thumbprint) {
        return Err(ProofFault::OtherKey.into());
    }
    let keys = JwkSet { keys: vec![key] };
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&keys),
        algorithms: &parts.dpop.algorithms,
        types: &[TokenType::DpopProof],
        untyped: false,
    };
    let claims = match parts.verifier.verify(proof, rules).await? {
        Verification::Valid(claims) => claims,
        Verification::Refused(fault) => return Err(ProofFault::Jws(fault).into()),
    };
    let claims: ProofClaims =
        serde_json::from_value(Value::Object(claims)).map_err(|_| ProofFault::Malformed)?;
    if claims.htm != request.method.as_str() {
        return Err(ProofFault::Method.into());
    }
    let here = target_uri(&format!("{}{}", parts.base_url.trim_end_matches('/'), request.uri.path()));
    if target_uri(&claims.htu).ok().is_none_or(|htu| here.as_ref() != Ok(&htu)) {
        return Err(ProofFault::Target.into());
    }
    if claims.ath.as_deref() != Some(&*access_token_hash(token.expose())) {
        return Err(ProofFault::Token.into());
    }
    let now = parts.clock.now();
    // Before the time: a client whose clock is wrong gets the nonce by which ours is right.
    let next_nonce = match &parts.dpop.nonces {
        None => None,
        Some(nonces) => nonces.accept(claims.nonce.as_deref(), now)?,
    };
    if claims.iat > now.plus(parts.leeway) {
        return Err(ProofFault::Early.into());
    }
    let end = claims.iat.plus(parts.dpop.max_age).plus(parts.leeway);
    if end <= now {
        return Err(ProofFault::Old.into());
    }
    // Last of all, so that what is not good for other reasons uses nothing up.
    let used = Secret::new(format!("{thumbprint} {}", claims.jti));
    match parts.replays.claim(&TokenDigest::of(DigestKind::Proof, &used), end).await? {
        Claimed::First => Ok(next_nonce),
        Claimed::Again => Err(ProofFault::Replayed.into()),
    }
}

fn the_one(request: &Parts) -> Result<&str, ProofFault> {
    let mut proofs = request.headers.get_all("dpop").iter();
    let proof = proofs.next().ok_or(ProofFault::Missing)?;
    if proofs.next().is_some() {
        return Err(ProofFault::Twice);
    }
    proof.to_str().ok().filter(|proof| proof.len() <= MAX_PROOF_BYTES).ok_or(ProofFault::Malformed)
}

/// With an RSA key of 4096 bits and its signature one has some 2,300.
const MAX_PROOF_BYTES: usize = 4096;
