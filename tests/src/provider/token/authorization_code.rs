use grantway_core::pkce::CodeVerifier;

use super::Tokens;
use crate::provider::book::Code;
use crate::provider::client_authentication::authenticate;
use crate::provider::desk::Desk;
use crate::provider::fault::Fault;
use crate::provider::id_token;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;

/// RFC 6749 section 4.1.3, RFC 7636 section 4.6.
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    let client = authenticate(desk, received)?;
    let presented = received.field("code").ok_or(Refusal::invalid_request("code is missing"))?;
    let verifier = received.field("code_verifier");
    if verifier.is_some() && desk.has(Fault::PkceRejected) {
        return Err(Refusal::invalid_request("code_verifier is no parameter here"));
    }
    let code = spend(desk, presented, |code| {
        if code.grant.client_id != client.client_id {
            return Err(Refusal::invalid_grant("the code is another client's"));
        }
        if received.field("redirect_uri") != Some(&code.redirect_uri) {
            return Err(Refusal::invalid_grant("redirect_uri is not the one of the authorization request"));
        }
        if answers(code, verifier) { Ok(()) } else { Err(Refusal::invalid_grant("code_verifier is wrong")) }
    })?;
    let mut tokens = Tokens::of(desk, &code.grant);
    if code.refreshable {
        tokens = tokens.with_refresh_token(desk, &code.grant);
    }
    if code.grant.scopes.iter().any(|scope| scope == "openid") {
        tokens.id_token = Some(id_token::of(desk, &code, &tokens.access_token));
    }
    Ok(tokens)
}

/// The code, if it holds and nobody has used it; from now on somebody has.
fn spend(
    desk: &Desk,
    presented: &str,
    permitted: impl FnOnce(&Code) -> Result<(), Refusal>,
) -> Result<Code, Refusal> {
    const INVALID: Refusal = Refusal::invalid_grant("there is no such code, or it is over");
    let (mut book, now) = (desk.book(), desk.now());
    let code = book.codes.get_mut(presented).filter(|code| code.expires_at > now).ok_or(INVALID)?;
    permitted(code)?;
    if code.used {
        // RFC 6749 section 4.1.2: what came of it the first time is over as well.
        let family = code.grant.family;
        book.ended.insert(family);
        return Err(Refusal::invalid_grant("the code was used before"));
    }
    code.used = true;
    Ok(code.clone())
}

fn answers(code: &Code, verifier: Option<&str>) -> bool {
    let Some(challenge) = &code.challenge else { return true };
    verifier
        .and_then(|verifier| verifier.parse::<CodeVerifier>().ok())
        .is_some_and(|verifier| challenge.answers(&verifier))
}
