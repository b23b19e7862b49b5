use super::Tokens;
use crate::provider::assertion;
use crate::provider::desk::Desk;
use crate::provider::received::Received;
use crate::provider::refusal::Refusal;
use crate::provider::scope;

/// RFC 7523 section 2.1: a client that this provider knows says for whom it acts.
pub(super) fn grant(desk: &Desk, received: &Received) -> Result<Tokens, Refusal> {
    const NOBODY: Refusal = Refusal::invalid_grant("nobody knows whose assertion that is");
    let presented = received.field("assertion").ok_or(Refusal::invalid_request("assertion is missing"))?;
    let client = assertion::issuer(presented).and_then(|issuer| desk.book().client(&issuer)).ok_or(NOBODY)?;
    let claims = assertion::verified(desk, presented, &client).map_err(Refusal::invalid_grant)?;
    let subject = claims.get("sub").and_then(|subject| subject.as_str()).ok_or(NOBODY)?;
    let scopes = scope::granted(desk, scope::asked(desk, received.field("scope"))?);
    let grant = desk.book().grant(&client.client_id, subject, scopes);
    Ok(Tokens::of(desk, &grant))
}
