use http::StatusCode;
use serde_json::json;

use super::client_authentication::authenticate;
use super::desk::Desk;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;

/// RFC 7662 section 2.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    told(desk, received).unwrap_or_else(Refusal::reply)
}

fn told(desk: &Desk, received: &Received) -> Result<Reply, Refusal> {
    authenticate(desk, received)?;
    let token = received.field("token").ok_or(Refusal::invalid_request("token is missing"))?;
    let document = match desk.book().live(token, desk.now()) {
        None => json!({"active": false}),
        Some(live) => json!({
            "active": true,
            "iss": desk.issuer,
            "client_id": live.grant.client_id,
            "sub": live.grant.subject,
            "scope": live.grant.scopes.join(" "),
            "token_type": "Bearer",
            "iat": live.issued_at.unix(),
            "exp": live.expires_at.unix(),
        }),
    };
    Ok(Reply::json(StatusCode::OK, &document))
}
