use super::Module;
use crate::conformance::checks::{Expected, IdToken};
use crate::conformance::condition::{Condition, Stop};
use crate::conformance::request::AuthorizationRequest;
use crate::conformance::scene::{Scene, Tokens};

pub(super) const REFRESH: Module = Module::new(
    "oidcc-refresh-token",
    "a refresh brings another access token and the same identity; another client is refused",
    |scene| {
        let mut person = scene.person();
        let client = scene.first()?;
        // Core 11: without it offline_access may be ignored.
        let request = scene.request(client, "openid offline_access").with("prompt", "consent");
        let before = scene.tokens(&mut person, &request)?;
        let refresh_token = before.refresh_token.clone().ok_or_else(|| {
            Stop::Skipped("offline_access with prompt=consent brings no refresh token".to_owned())
        })?;
        let method = scene.variant.client_auth;
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        let answer = scene.token(method, client, &form)?;
        let body = scene.token_response(&answer)?;
        scene.note(
            OTHER_TOKEN.must(
                (body["access_token"] == before.access_token.as_str())
                    .then(|| "the refresh brings the access token that was there before".to_owned()),
            ),
        );
        if let Some(text) = body["id_token"].as_str() {
            let access_token = body["access_token"].as_str().unwrap_or_default();
            same_identity(scene, &before, text, access_token, &request)?;
        }
        let current = body["refresh_token"].as_str().unwrap_or(&refresh_token);
        let form = [("grant_type", "refresh_token"), ("refresh_token", current)];
        let answer = scene.token(method, scene.second()?, &form)?;
        scene.token_error(&answer, &["invalid_grant"]);
        Ok(())
    },
);

/// OpenID Connect Core section 12.2.
fn same_identity(
    scene: &mut Scene<'_>,
    before: &Tokens,
    text: &str,
    access_token: &str,
    request: &AuthorizationRequest<'_>,
) -> Result<(), Stop> {
    // The nonce may be left out, and should be.
    let repeats = IdToken::read(text).is_some_and(|token| token.claims.get("nonce").is_some());
    let request = if repeats { request.clone() } else { request.clone().without("nonce") };
    let after = scene.id_token(text, &Expected { request: &request, access_token, code: &before.code })?;
    let other = ["iss", "sub", "aud", "auth_time"]
        .into_iter()
        .find(|name| before.id_token.claims.get(name) != after.claims.get(name));
    scene.note(SAME_IDENTITY.must(other.map(|name| {
        let (was, is) = (&before.id_token.claims[name], &after.claims[name]);
        format!("{name} of the ID token was {was} and is {is} after the refresh")
    })));
    Ok(())
}

const OTHER_TOKEN: Condition =
    Condition::new("refreshed-access-token", "the access token is another one", "OpenID Connect Core 12.2");
const SAME_IDENTITY: Condition = Condition::new(
    "refreshed-id-token",
    "iss, sub, aud and auth_time of the ID token stay",
    "OpenID Connect Core 12.2",
);
