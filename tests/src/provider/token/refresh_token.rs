use std::time::Duration;

use grantway_core::time::Timestamp;

use super::Tokens;
use crate::provider::book::Grant;
use crate::provider::client_authentication::authenticate;
use crate::provider::desk::Desk;
use crate::provider::fault::Fault;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;
use crate::provider::scope;

/// RFC 6749 section 6: each refresh token once, and the next with the answer.
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    let client = authenticate(desk, received)?;
    let presented =
        received.field("refresh_token").ok_or(Refusal::invalid_request("refresh_token is missing"))?;
    if desk.has(Fault::RefreshNeedsScope) && received.field("scope").is_none() {
        return Err(Refusal::invalid_request("scope is missing"));
    }
    let (granted, again) = standing(desk, presented, &client.client_id)?;
    let narrowed = narrowed(desk, received, &granted)?;
    let tokens = Tokens::of(desk, &narrowed);
    if desk.has(Fault::OmitOnRefresh) {
        return Ok(tokens);
    }
    if let Some(spent) = desk.book().refresh_tokens.get_mut(presented) {
        spent.used_at.get_or_insert(desk.now());
    }
    let tokens = tokens.with_refresh_token(desk, &granted);
    Ok(Tokens { lost: desk.has(Fault::RotateDropReply) && !again, ..tokens })
}

/// What the token stands for, and whether it was used before.
fn standing(desk: &Desk, presented: &str, client_id: &str) -> Result<(Grant, bool), Refusal> {
    const INVALID: Refusal = Refusal::invalid_grant("there is no such refresh token, or it is over");
    let mut book = desk.book();
    let token = book.refresh_tokens.get(presented).cloned().ok_or(INVALID)?;
    if token.grant.client_id != client_id || book.ended.contains(&token.grant.family) {
        return Err(INVALID);
    }
    match token.used_at {
        None => Ok((token.grant, false)),
        Some(used_at) if is_forgiven(desk, used_at) => Ok((token.grant, true)),
        Some(_) => {
            if desk.has(Fault::RotateStrict) {
                book.ended.insert(token.grant.family);
            }
            Err(INVALID)
        }
    }
}

fn is_forgiven(desk: &Desk, used_at: Timestamp) -> bool {
    desk.has(Fault::RotateGrace) && desk.now() <= used_at.plus(GRACE)
}

/// RFC 6749 section 6: no scope that was not granted, and all of them if none is named.
fn narrowed(desk: &Desk, received: &Received, granted: &Grant) -> Result<Grant, Refusal> {
    let Some(scope) = received.field("scope") else { return Ok(granted.clone()) };
    let scopes = scope::asked(desk, Some(scope))?;
    if scopes.iter().all(|scope| granted.scopes.contains(scope)) {
        Ok(Grant { scopes, ..granted.clone() })
    } else {
        Err(Refusal::new("invalid_scope", "that is more than was granted"))
    }
}

/// In which a refresh token may be used again.
const GRACE: Duration = Duration::from_mins(30);
