use http::StatusCode;

use super::client_authentication::authenticate;
use super::desk::Desk;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;

/// RFC 7009 section 2: a refresh token ends all that came of its grant, an access token itself alone.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    revoked(desk, received).unwrap_or_else(Refusal::reply)
}

fn revoked(desk: &Desk, received: &Received) -> Result<Reply, Refusal> {
    let client = authenticate(desk, received)?;
    let token = received.field("token").ok_or(Refusal::invalid_request("token is missing"))?;
    let mut book = desk.book();
    let own = |client_id: &str| client_id == client.client_id;
    if let Some(family) = book.refresh_tokens.get(token).map(|token| &token.grant)
        && own(&family.client_id)
    {
        let family = family.family;
        book.ended.insert(family);
    } else if book.access_tokens.get(token).is_some_and(|token| own(&token.grant.client_id)) {
        book.access_tokens.remove(token);
    }
    // RFC 7009 section 2.2: what is unknown is as good as revoked.
    Ok(Reply::text(StatusCode::OK, ""))
}
