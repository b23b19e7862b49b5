use super::assertion;
use super::client::ForeignClient;
use super::desk::Desk;
use super::fault::Fault;
use super::received::Received;
use super::refusal::Refusal;

/// Which client asks: RFC 6749 section 2.3, RFC 7523 section 2.2.
pub(super) fn authenticate(desk: &Desk, received: &Received) -> Result<ForeignClient, Refusal> {
    let (header, posted) = (received.basic(), received.field("client_secret"));
    if desk.has(Fault::RejectBoth) && header.is_some() && posted.is_some() {
        return Err(Refusal::invalid_request("one method for each request, and not two"));
    }
    if let Some(proof) = received.field("client_assertion") {
        return by_assertion(desk, received, proof);
    }
    if let Some((id, secret)) = header {
        if desk.has(Fault::PostOnly) {
            return Err(Refusal::invalid_client("send the secret in the body"));
        }
        // RFC 6749 section 2.3.1: both were form-encoded before they were joined.
        let decoded =
            if desk.has(Fault::BasicRawDecode) { (id, secret) } else { (decode(&id), decode(&secret)) };
        return known(desk, &decoded.0, Some(&decoded.1));
    }
    if desk.has(Fault::BasicOnly) && posted.is_some() {
        return Err(Refusal::invalid_client("send the secret in the header"));
    }
    let client_id = received.field("client_id").ok_or(Refusal::invalid_client("which client is that?"))?;
    known(desk, client_id, posted)
}

/// The methods that the metadata names.
pub(super) fn methods(desk: &Desk) -> Vec<&'static str> {
    let mut methods =
        vec!["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];
    methods.retain(|method| match *method {
        "client_secret_basic" => !desk.has(Fault::PostOnly),
        "client_secret_post" => !desk.has(Fault::BasicOnly),
        _ => true,
    });
    methods
}

fn known(desk: &Desk, client_id: &str, secret: Option<&str>) -> Result<ForeignClient, Refusal> {
    let client = desk.book().client(client_id).ok_or(Refusal::invalid_client("nobody knows that client"))?;
    if client.client_secret.as_deref() == secret {
        Ok(client)
    } else {
        Err(Refusal::invalid_client("the secret is wrong"))
    }
}

fn by_assertion(desk: &Desk, received: &Received, proof: &str) -> Result<ForeignClient, Refusal> {
    if received.field("client_assertion_type") != Some(JWT_BEARER) {
        return Err(Refusal::invalid_client("that is no type of assertion"));
    }
    let client = assertion::issuer(proof).and_then(|issuer| desk.book().client(&issuer));
    let client = client.ok_or(Refusal::invalid_client("nobody knows whose assertion that is"))?;
    let claims = assertion::verified(desk, proof, &client).map_err(Refusal::invalid_client)?;
    // RFC 7523 section 3: both are the client.
    let named = received.field("client_id").is_none_or(|named| named == client.client_id);
    if named && claims["sub"] == client.client_id.as_str() {
        Ok(client)
    } else {
        Err(Refusal::invalid_client("iss and sub are not the client"))
    }
}

fn decode(text: &str) -> String {
    let pair = format!("={}", text.replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
