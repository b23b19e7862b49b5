mod authorization_code;
mod client_credentials;
mod device_code;
mod jwt_bearer;
mod refresh_token;
mod shape;
mod token_exchange;

use std::time::Duration;

use http::StatusCode;

use super::book::{AccessToken, Grant, RefreshToken};
use super::desk::Desk;
use super::fault::Fault;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;

/// RFC 6749 section 3.2.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    let grant_type = received.field("grant_type").unwrap_or_default();
    if grant_type == "refresh_token" && desk.has(Fault::RefreshUrl404) && !received.path.ends_with(REFRESH) {
        return Reply::page(StatusCode::NOT_FOUND, "not found");
    }
    let granted = match grant_type {
        "authorization_code" => authorization_code::grant(desk, received),
        "refresh_token" => refresh_token::grant(desk, received),
        "client_credentials" => client_credentials::grant(desk, received),
        "urn:ietf:params:oauth:grant-type:device_code" => device_code::grant(desk, received),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => jwt_bearer::grant(desk, received),
        "urn:ietf:params:oauth:grant-type:token-exchange" => token_exchange::grant(desk, received),
        "" => Err(Refusal::invalid_request("grant_type is missing")),
        _ => Err(Refusal::new("unsupported_grant_type", "nothing is granted that way")),
    };
    match granted {
        Ok(Tokens { lost: true, .. }) => Reply::silence(),
        Ok(tokens) => shape::reply(desk, &tokens),
        Err(refusal) => refusal.of_token_endpoint(desk),
    }
}

/// What was granted.
struct Tokens {
    access_token: String,
    refresh_token: Option<String>,
    id_token: Option<String>,
    scopes: Vec<String>,
    issued_token_type: Option<&'static str>,
    /// Nobody is told.
    lost: bool,
}

impl Tokens {
    /// An access token, and no more.
    fn of(desk: &Desk, grant: &Grant) -> Self {
        let access_token = desk.draw("at_");
        let now = desk.now();
        let token = AccessToken { grant: grant.clone(), issued_at: now, expires_at: now.plus(LIFETIME) };
        desk.book().access_tokens.insert(access_token.clone(), token);
        Self {
            access_token,
            refresh_token: None,
            id_token: None,
            scopes: grant.scopes.clone(),
            issued_token_type: None,
            lost: false,
        }
    }

    fn with_refresh_token(self, desk: &Desk, grant: &Grant) -> Self {
        let refresh_token = desk.draw("rt_");
        let token = RefreshToken { grant: grant.clone(), used_at: None };
        desk.book().refresh_tokens.insert(refresh_token.clone(), token);
        Self { refresh_token: Some(refresh_token), ..self }
    }
}

/// Behind the issuer: where a refresh is answered if the token endpoint does not.
pub(super) const REFRESH: &str = "/refresh";
/// Of an access token.
const LIFETIME: Duration = Duration::from_hours(1);
