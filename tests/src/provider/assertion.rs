use futures_util::FutureExt;
use grantway_core::base64url;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_core::secret::Secret;
use grantway_jose::verify::JwsVerifier;
use serde_json::{Map, Value};

use super::client::ForeignClient;
use super::desk::Desk;
use super::endpoint::Endpoint;
use super::fault::Fault;

/// The claims of an assertion of that client, or what is wrong with it (RFC 7523 section 3).
pub(super) fn verified(
    desk: &Desk,
    assertion: &str,
    client: &ForeignClient,
) -> Result<Map<String, Value>, &'static str> {
    let claims = signed(assertion, client).ok_or("nobody here knows who signed the assertion")?;
    if !is_for(desk, &claims) {
        return Err("the assertion is for somebody else");
    }
    let now = desk.now().unix();
    if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now) {
        return Err("the assertion is over");
    }
    if ["iat", "nbf"].iter().any(|name| claims.get(*name).and_then(Value::as_i64).is_some_and(|at| at > now))
    {
        return Err("the assertion is of the future");
    }
    match claims.get("jti").and_then(Value::as_str) {
        Some(jti) if !desk.book().assertions.insert(format!("{} {jti}", client.client_id)) => {
            Err("the assertion was used before")
        }
        Some(_) | None => Ok(claims),
    }
}

/// Who says that it is his; nothing is believed yet.
pub(super) fn issuer(assertion: &str) -> Option<String> {
    let payload = base64url::decode(assertion.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    claims["iss"].as_str().map(str::to_owned)
}

fn signed(assertion: &str, client: &ForeignClient) -> Option<Map<String, Value>> {
    let shared = client.client_secret.as_deref().map(Secret::new);
    let (keys, algorithms) = match (&client.keys, &shared) {
        (Some(keys), _) => (TrustedKeys::Set(keys), &JwsAlgorithm::ASYMMETRIC[..]),
        (None, Some(secret)) => (TrustedKeys::Shared(secret), &SYMMETRIC[..]),
        (None, None) => return None,
    };
    let rules = VerificationRules { keys, algorithms, types: &[TokenType::Jwt], untyped: true };
    let verification = JwsVerifier::new().verify(assertion, rules).now_or_never();
    match verification.expect("keys that are at hand are not waited for").expect("nor do they break down") {
        Verification::Valid(claims) => Some(claims),
        Verification::Refused(_) => None,
    }
}

fn is_for(desk: &Desk, claims: &Map<String, Value>) -> bool {
    let (issuer, token) = (desk.issuer.as_str(), desk.url(Endpoint::Token));
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(_) | None => Vec::new(),
    };
    if desk.has(Fault::AudIssuerOnly) {
        return audiences == [issuer];
    }
    if desk.has(Fault::AudTokenOnly) {
        return audiences == [token.as_str()];
    }
    audiences.contains(&issuer) || audiences.contains(&token.as_str())
}

const SYMMETRIC: [JwsAlgorithm; 3] = [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512];
