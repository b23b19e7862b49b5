use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::json;

use super::desk::Desk;
use super::received::Received;
use super::reply::Reply;

/// OpenID Connect Core section 5.3.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    let live = received.token().and_then(|(_, token)| desk.book().live(token, desk.now()));
    let has = |scope: &str| live.iter().any(|live| live.grant.scopes.iter().any(|own| own == scope));
    match &live {
        None => {
            Reply::text(StatusCode::UNAUTHORIZED, "").with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
        }
        Some(_) if !has("openid") => Reply::text(StatusCode::FORBIDDEN, "")
            .with(WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\", scope=\"openid\""),
        Some(live) => {
            let mut claims = json!({"sub": live.grant.subject});
            if has("email") {
                claims["email"] = "ada@people.test".into();
                claims["email_verified"] = true.into();
            }
            if has("profile") {
                claims["name"] = "Ada".into();
            }
            Reply::json(StatusCode::OK, &claims)
        }
    }
}
