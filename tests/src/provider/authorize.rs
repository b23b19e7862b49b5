use std::time::Duration;

use grantway_core::pkce::CodeChallenge;
use http::StatusCode;
use url::Url;

use super::book::{Code, SUBJECT};
use super::desk::Desk;
use super::fault::Fault;
use super::received::Received;
use super::refusal::Refusal;
use super::reply::Reply;
use super::scope;

/// RFC 6749 section 4.1.1: the person agrees to everything, at once.
pub(super) fn answer(desk: &Desk, received: &Received) -> Reply {
    let Some(request) = Request::of(desk, received) else {
        return Reply::page(StatusCode::BAD_REQUEST, "nobody knows that request");
    };
    let client = request.get("client_id").and_then(|client_id| desk.book().client(client_id));
    let (Some(client), Some(redirect_uri)) = (client, request.get("redirect_uri")) else {
        return Reply::page(StatusCode::BAD_REQUEST, "nobody knows that application");
    };
    if !client.may_be_sent_to(redirect_uri) {
        // RFC 6749 section 4.1.2.1: not even to report an error.
        return Reply::page(StatusCode::BAD_REQUEST, "redirect_uri is not one that was registered");
    }
    match code(desk, &request, redirect_uri) {
        Ok(code) => back(desk, &request, redirect_uri, &[("code", &code)]),
        Err(refusal) => {
            let refused = [("error", refusal.error), ("error_description", refusal.description)];
            back(desk, &request, redirect_uri, &refused)
        }
    }
}

fn code(desk: &Desk, request: &Request, redirect_uri: &str) -> Result<String, Refusal> {
    if request.get("response_type") != Some("code") {
        return Err(Refusal::new("unsupported_response_type", "code is what there is"));
    }
    let challenge = challenge(desk, request)?;
    let scopes = scope::granted(desk, scope::asked(desk, request.get("scope"))?);
    let client_id = request.get("client_id").unwrap_or_default();
    let mut book = desk.book();
    let code = Code {
        refreshable: is_refreshable(desk, request, !book.consented.contains(client_id)),
        grant: book.grant(client_id, SUBJECT, scopes),
        redirect_uri: redirect_uri.to_owned(),
        challenge,
        nonce: request.get("nonce").map(str::to_owned),
        expires_at: desk.now().plus(CODE_LIFETIME),
        signed_in_at: desk.now(),
        used: false,
    };
    book.consented.insert(client_id.to_owned());
    let drawn = desk.draw("code_");
    book.codes.insert(drawn.clone(), code);
    Ok(drawn)
}

fn challenge(desk: &Desk, request: &Request) -> Result<Option<CodeChallenge>, Refusal> {
    let Some(challenge) = request.get("code_challenge") else {
        let refusal = Refusal::invalid_request("code_challenge is required");
        return if desk.has(Fault::PkceRequired) { Err(refusal) } else { Ok(None) };
    };
    if desk.has(Fault::PkceRejected) {
        return Err(Refusal::invalid_request("code_challenge is no parameter here"));
    }
    if request.get("code_challenge_method") != Some("S256") {
        return Err(Refusal::invalid_request("S256 is what there is"));
    }
    challenge.parse().map(Some).map_err(|_| Refusal::invalid_request("that is no code_challenge"))
}

fn is_refreshable(desk: &Desk, request: &Request, first: bool) -> bool {
    let offline = request.get("access_type") == Some("offline")
        || request.get("scope").is_some_and(|scope| scope.contains("offline_access"));
    let asked_again = request.get("prompt") == Some("consent");
    (offline || !desk.has(Fault::NoRefreshFirst))
        && (first || asked_again || !desk.has(Fault::NoRefreshSecond))
}

fn back(desk: &Desk, request: &Request, redirect_uri: &str, told: &[(&str, &str)]) -> Reply {
    let mut target = Url::parse(redirect_uri).expect("it was registered");
    target.query_pairs_mut().extend_pairs(told);
    if let Some(state) = request.get("state").filter(|_| !desk.has(Fault::StateDropped)) {
        target.query_pairs_mut().append_pair("state", state);
    }
    if !desk.has(Fault::IssMissing) {
        let iss = if desk.has(Fault::IssWrong) { "https://issuer.test" } else { &desk.issuer };
        target.query_pairs_mut().append_pair("iss", iss);
    }
    Reply::redirect(StatusCode::FOUND, target.as_str())
}

/// The parameters, wherever they were sent.
struct Request(Vec<(String, String)>);

impl Request {
    fn of(desk: &Desk, received: &Received) -> Option<Self> {
        let Some(request_uri) = received.parameter("request_uri") else {
            return Some(Self(received.query.clone()));
        };
        // RFC 9126 section 4: once, and by the client that pushed it.
        let (client_id, parameters) = desk.book().pushed.remove(request_uri)?;
        (received.parameter("client_id") == Some(&client_id)).then_some(Self(parameters))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

const CODE_LIFETIME: Duration = Duration::from_mins(1);
