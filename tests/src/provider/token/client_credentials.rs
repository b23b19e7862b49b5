use super::Tokens;
use crate::provider::client_authentication::authenticate;
use crate::provider::desk::Desk;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;
use crate::provider::scope;

/// RFC 6749 section 4.4, without a refresh token (section 4.4.3).
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    let client = authenticate(desk, received)?;
    if client.client_secret.is_none() && client.keys.is_none() {
        return Err(Refusal::new("unauthorized_client", "a public client has no credentials"));
    }
    let scopes = scope::granted(desk, scope::asked(desk, received.field("scope"))?);
    let grant = desk.book().grant(&client.client_id, &client.client_id, scopes);
    Ok(Tokens::of(desk, &grant))
}
