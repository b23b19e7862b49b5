use http::StatusCode;
use serde_json::json;

use super::client_authentication::authenticate;
use super::desk::Desk;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;

/// RFC 9126 section 2.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    pushed(desk, received).unwrap_or_else(Refusal::reply)
}

fn pushed(desk: &Desk, received: &Received) -> Result<Reply, Refusal> {
    let client = authenticate(desk, received)?;
    if received.field("request_uri").is_some() {
        return Err(Refusal::invalid_request("request_uri is what this endpoint makes"));
    }
    let sent_to = received.field("redirect_uri").is_some_and(|uri| client.may_be_sent_to(uri));
    if !sent_to {
        return Err(Refusal::invalid_request("redirect_uri is not one that was registered"));
    }
    let mut parameters = received.form.clone();
    parameters.retain(|(name, _)| !["client_id", "client_secret"].contains(&name.as_str()));
    parameters.push(("client_id".to_owned(), client.client_id.clone()));
    let request_uri = desk.draw("urn:ietf:params:oauth:request_uri:");
    desk.book().pushed.insert(request_uri.clone(), (client.client_id, parameters));
    Ok(Reply::json(StatusCode::CREATED, &json!({"request_uri": request_uri, "expires_in": 60})))
}
