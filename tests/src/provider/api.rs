use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::json;

use super::desk::Desk;
use super::fault::Fault;
use super::received::Received;
use super::reply::Reply;

/// What is behind a token (RFC 6750).
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    if desk.has(Fault::OpenApi) {
        return Reply::json(StatusCode::OK, &json!({"greeting": "hello, anybody"}));
    }
    let challenge =
        |challenge: &str| Reply::text(StatusCode::UNAUTHORIZED, "").with(WWW_AUTHENTICATE, challenge);
    let Some((scheme, token)) = received.token() else {
        // RFC 6750 section 3.1: whoever sent no token is told no error.
        return challenge("Bearer realm=\"foreign\"");
    };
    if desk.has(Fault::CaseSensitiveBearer) && scheme != "Bearer" {
        return challenge("Bearer realm=\"foreign\"");
    }
    match desk.book().live(token, desk.now()) {
        None => challenge("Bearer realm=\"foreign\", error=\"invalid_token\""),
        Some(live) => Reply::json(
            StatusCode::OK,
            &json!({"greeting": format!("hello, {}", live.grant.subject), "scopes": live.grant.scopes}),
        ),
    }
}
