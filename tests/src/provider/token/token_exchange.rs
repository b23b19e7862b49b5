use super::Tokens;
use crate::provider::client_authentication::authenticate;
use crate::provider::desk::Desk;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;
use crate::provider::scope;

/// RFC 8693 section 2: an access token of this provider for another one with no more scope.
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    let client = authenticate(desk, received)?;
    if received.field("subject_token_type") != Some(ACCESS_TOKEN) {
        return Err(Refusal::invalid_request("subject_token_type is none that is taken"));
    }
    let live = received.field("subject_token").and_then(|token| desk.book().live(token, desk.now()));
    // RFC 8693 section 2.2.2.
    let subject = live.ok_or(Refusal::invalid_request("subject_token is not to be believed"))?.grant;
    let scopes = match received.field("scope") {
        None => subject.scopes,
        Some(scope) => {
            let mut scopes = scope::asked(desk, Some(scope))?;
            scopes.retain(|scope| subject.scopes.contains(scope));
            scopes
        }
    };
    let grant = desk.book().grant(&client.client_id, &subject.subject, scopes);
    Ok(Tokens { issued_token_type: Some(ACCESS_TOKEN), ..Tokens::of(desk, &grant) })
}

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
