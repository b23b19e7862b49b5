use http::StatusCode;
use serde_json::{Value, json};

use super::client::ForeignClient;
use super::desk::Desk;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;

/// RFC 7591 section 3, open to anybody.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    registered(desk, received).unwrap_or_else(Refusal::reply)
}

fn registered(desk: &Desk, received: &Received) -> Result<Reply, Refusal> {
    const NO_METADATA: Refusal = Refusal::new("invalid_client_metadata", "that is no client metadata");
    let asked: Value = serde_json::from_slice(&received.body).map_err(|_| NO_METADATA)?;
    let redirect_uris = match asked.get("redirect_uris") {
        None => Vec::new(),
        Some(uris) => serde_json::from_value(uris.clone())
            .map_err(|_| Refusal::new("invalid_redirect_uri", "that is no list of addresses"))?,
    };
    let keys = match asked.get("jwks") {
        None => None,
        Some(keys) => Some(serde_json::from_value(keys.clone()).map_err(|_| NO_METADATA)?),
    };
    // RFC 7591 section 2: what is meant if nothing is said.
    let method = asked["token_endpoint_auth_method"].as_str().unwrap_or("client_secret_basic");
    let client_secret = (!["none", "private_key_jwt"].contains(&method)).then(|| desk.draw("secret_"));
    let client_id = desk.draw("client_");
    let mut answer = asked.as_object().ok_or(NO_METADATA)?.clone();
    answer.insert("client_id".to_owned(), client_id.as_str().into());
    answer.insert("client_id_issued_at".to_owned(), desk.now().unix().into());
    answer.insert("token_endpoint_auth_method".to_owned(), method.into());
    if let Some(secret) = &client_secret {
        answer.insert("client_secret".to_owned(), secret.as_str().into());
        answer.insert("client_secret_expires_at".to_owned(), 0.into());
    }
    desk.book().clients.push(ForeignClient { client_id, client_secret, redirect_uris, keys });
    Ok(Reply::json(StatusCode::CREATED, &json!(answer)))
}
