//! `private_key_jwt` and `client_secret_jwt`: RFC 7523 section 3, OpenID Connect Core section 9.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::claims::Audience;
use grantway_core::client::{Client, ClientAuthMethod, ClientAuthentication, ClientKeys, SealedClientSecret};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::Form;
use grantway_core::ids::ClientId;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Claimed, JwsFault, SeamError, TrustedKeys, Verification, VerificationRules};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_core::token_request::CLIENT_ASSERTION_TYPE;
use serde_json::{Map, Value};

use super::client_fault::{AssertionFault, ClientFault};
use crate::Server;
use crate::addresses::TOKEN;
use crate::error::TokenError;

/// The assertion of a request, if it carries one of the only type there is (RFC 7523 section 2.2).
pub(super) fn presented(form: &Form) -> Result<Option<&str>, TokenError> {
    match (form.one("client_assertion_type")?, form.one("client_assertion")?) {
        (None, None) => Ok(None),
        (Some(CLIENT_ASSERTION_TYPE), Some(assertion)) => Ok(Some(assertion)),
        (Some(_) | None, Some(_) | None) => Err(ClientFault::Assertion(AssertionFault::Type).into()),
    }
}

/// Who the assertion says it is from. Believed by nobody: it only says whose keys to try.
pub(super) fn claimed_client(assertion: &str) -> Result<ClientId, AssertionFault> {
    let mut segments = assertion.split('.').skip(1);
    let claims = segments.next().and_then(|payload| base64url::decode(payload).ok());
    let claims: Option<Map<String, Value>> = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let claims = claims.ok_or(AssertionFault::Unreadable)?;
    text(&claims, "sub").and_then(|sub| sub.parse().ok()).ok_or(AssertionFault::Subject)
}

/// Proves that the client made it, for us, now, and that it was not used before.
pub(super) async fn verify(
    server: &Server,
    client: &Client,
    assertion: &str,
) -> Result<ClientAuthMethod, TokenError> {
    let refuse = |fault| TokenError::Client(ClientFault::Assertion(fault));
    let (method, signed) = match &client.authentication {
        ClientAuthentication::PrivateKeyJwt { keys, algorithms } => {
            let keys = match keys {
                ClientKeys::Jwks(jwks) => TrustedKeys::Set(jwks),
                ClientKeys::JwksUri(uri) => TrustedKeys::At(uri),
            };
            (ClientAuthMethod::PrivateKeyJwt, believe(server, assertion, keys, algorithms).await?)
        }
        ClientAuthentication::ClientSecretJwt { sealed, algorithms } => {
            let mut signed = Err(JwsFault::UnknownKey);
            for secret in sealed {
                let place = SealedClientSecret::place(&server.parts.instance, &client.client_id);
                let Some(secret) = secret.open(&*server.parts.sealer, place)? else { continue };
                signed = believe(server, assertion, TrustedKeys::Shared(&secret), algorithms).await?;
                if signed.is_ok() {
                    break;
                }
            }
            (ClientAuthMethod::ClientSecretJwt, signed)
        }
        ClientAuthentication::None | ClientAuthentication::ClientSecret { .. } => {
            return Err(refuse(AssertionFault::NotRegistered));
        }
    };
    let claims = signed.map_err(|fault| refuse(AssertionFault::Signature(fault)))?;
    let ours = [server.addresses.issuer.clone(), server.addresses.absolute(TOKEN)];
    let expected = Expected { client_id: &client.client_id, ours: &ours, now: server.parts.clock.now() };
    let Once { jti, expires_at } = judge(&claims, &expected).map_err(refuse)?;
    // No client_id has a line break in it, so that no two pairs are one name.
    let name = Secret::new(format!("{}\n{jti}", client.client_id));
    let value = TokenDigest::of(DigestKind::Assertion, &name);
    match server.parts.replays.claim(&value, expires_at).await? {
        Claimed::First => Ok(method),
        Claimed::Again => Err(refuse(AssertionFault::Replayed)),
    }
}

async fn believe(
    server: &Server,
    assertion: &str,
    keys: TrustedKeys<'_>,
    algorithms: &[JwsAlgorithm],
) -> Result<Result<Map<String, Value>, JwsFault>, SeamError> {
    let rules = VerificationRules { keys, algorithms, types: &[TokenType::Jwt], untyped: true };
    Ok(match server.parts.verifier.verify(assertion, rules).await? {
        Verification::Valid(claims) => Ok(claims),
        Verification::Refused(fault) => Err(fault),
    })
}

struct Expected<'a> {
    client_id: &'a ClientId,
    ours: &'a [String],
    now: Timestamp,
}

/// By what a second use is recognised, and until when one could be tried.
#[derive(Debug, PartialEq, Eq)]
struct Once<'a> {
    jti: &'a str,
    expires_at: Timestamp,
}

fn judge<'a>(claims: &'a Map<String, Value>, expected: &Expected<'_>) -> Result<Once<'a>, AssertionFault> {
    let Expected { client_id, ours, now } = *expected;
    let says = |claim| text(claims, claim) == Some(client_id.as_str());
    if !says("iss") || !says("sub") {
        return Err(AssertionFault::Subject);
    }
    if !is_for(claims.get("aud"), ours) {
        return Err(AssertionFault::Audience);
    }
    let expires_at = date(claims, "exp")?.ok_or(AssertionFault::Expiry)?.plus(SKEW);
    if expires_at <= now || expires_at > now.plus(LONGEST).plus(SKEW) {
        return Err(AssertionFault::Expiry);
    }
    let soon = now.plus(LEAD);
    if date(claims, "iat")?.is_some_and(|iat| iat > soon)
        || date(claims, "nbf")?.is_some_and(|nbf| nbf > soon)
    {
        return Err(AssertionFault::FromTheFuture);
    }
    let jti = text(claims, "jti").filter(|jti| (1..=255).contains(&jti.len()));
    Ok(Once { jti: jti.ok_or(AssertionFault::Jti)?, expires_at })
}

/// One of our addresses, or a list of nothing else: an assertion that is also good elsewhere could
/// come from there.
fn is_for(audience: Option<&Value>, ours: &[String]) -> bool {
    let audience: Option<Audience> = audience.and_then(|value| serde_json::from_value(value.clone()).ok());
    audience.is_some_and(|audience| {
        let mut members = audience.iter().peekable();
        members.peek().is_some() && members.all(|member| ours.iter().any(|own| own == member))
    })
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a str> {
    claims.get(claim).and_then(Value::as_str)
}

/// A `NumericDate`, which may have a fraction (RFC 7519 section 2).
#[expect(clippy::cast_possible_truncation, reason = "what no clock can reach becomes the end of time")]
fn date(claims: &Map<String, Value>, claim: &str) -> Result<Option<Timestamp>, AssertionFault> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
    seconds.map(|seconds| Some(Timestamp::from_unix(seconds))).ok_or(AssertionFault::Date)
}

/// The only `client_assertion_type`.
/// How far clocks may differ at the end.
const SKEW: Duration = Duration::from_secs(30);
/// How far they may differ at the beginning.
const LEAD: Duration = Duration::from_secs(60);
/// How far ahead an assertion may expire; bounds how long its `jti` is kept.
const LONGEST: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_judged_to_the_second() {
        let client_id = "c1".parse().unwrap();
        let ours = ["https://op.test".to_owned()];
        let now = Timestamp::from_unix(1_000_000);
        let expected = Expected { client_id: &client_id, ours: &ours, now };
        for (claim, value, good) in [
            ("exp", json!(1_000_000 - 29), true),
            ("exp", json!(1_000_000 - 30), false),
            ("exp", json!(1_000_000 + 3600), true),
            ("exp", json!(1_000_000 + 3601), false),
            ("exp", json!(1_000_060.5), true),
            ("exp", json!(1e300), false),
            ("exp", json!("1000060"), false),
            ("iat", json!(1_000_060), true),
            ("iat", json!(1_000_061), false),
            ("nbf", json!(1_000_061), false),
            ("nbf", json!(null), false),
        ] {
            let mut claims = json!({
                "iss": "c1", "sub": "c1", "aud": "https://op.test", "jti": "1", "exp": 1_000_060,
            });
            claims[claim] = value.clone();
            let claims = claims.as_object().unwrap();

            assert_eq!(judge(claims, &expected).is_ok(), good, "{claim} {value}");
        }
    }
}
