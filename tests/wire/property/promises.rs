//! What an answer must be, whatever was asked.

use grantway_tests::{Answer, ISSUER};
use http::Request;
use serde_json::Value;
use url::Url;

use super::Held;

/// Of a request, what the answer is judged by.
#[derive(Debug)]
pub(super) struct Asked {
    method: String,
    path: String,
    text: String,
}

impl Asked {
    pub(super) fn of(request: &Request<Vec<u8>>) -> Self {
        let body = String::from_utf8_lossy(&request.body()[..request.body().len().min(4096)]).into_owned();
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            text: format!("{} {:?} {body}", request.uri(), request.headers()),
        }
    }
}

impl Asked {
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Did that come of it?
    pub(super) fn sets_a_password(&self, answer: &Answer) -> bool {
        let done = match self.path.as_str() {
            "/account/password" => {
                answer.location().is_some_and(|address| address.contains("done=password-changed"))
            }
            "/reset-password" => answer.status == 200,
            _ => false,
        };
        self.method == "POST" && done
    }
}

/// The first that is not kept, in words.
pub(super) fn broken_promise(asked: &Asked, answer: &Answer, held: &Held) -> Option<String> {
    if answer.status.is_server_error() {
        return Some("something broke down".into());
    }
    let promises = [
        (goes_astray(answer), "a browser is sent astray"),
        (tells_a_secret(asked, answer, held), "a secret comes back"),
        (shows_its_inside(answer), "an answer shows how the server is made"),
        (
            answer.status != 404 && answer.header("x-content-type-options") != "nosniff",
            "types may be guessed",
        ),
    ];
    let broken = promises.into_iter().find(|(broken, _)| *broken);
    broken.map(|(_, what)| what.to_owned()).or_else(|| wrong_shape(asked, answer))
}

/// A page of ours, or an address as it was registered; the port of a native application is its own.
fn goes_astray(answer: &Answer) -> bool {
    let Some(target) = answer.location() else {
        return answer.status.is_redirection() && answer.status != 304;
    };
    // Whoever is linked from the page after it learns nothing of what stood in the address (RFC 9700 section 4.2.4).
    if answer.status != 303 || answer.header("referrer-policy") != "no-referrer" {
        return true;
    }
    if target.starts_with('/') {
        return target.starts_with("//") || target.contains('\\');
    }
    let Ok(mut target) = Url::parse(target) else { return true };
    target.set_query(None);
    target.set_fragment(None);
    if target.host_str() == Some("127.0.0.1") && target.set_port(None).is_err() {
        return true;
    }
    !REGISTERED.contains(&target.as_str())
}

/// An error says what is wrong with a request, and nothing of what stood in it that somebody could use.
fn tells_a_secret(asked: &Asked, answer: &Answer, held: &Held) -> bool {
    // A name is shown again to whoever mistyped it, even if it is a secret that he took for a name.
    // So is what a link carried, even if it is a code, to whoever sent it as that.
    let shown_again = ["/sign-in", "/reset-password", "/verify-email"];
    if !answer.status.is_client_error() || shown_again.contains(&asked.path.as_str()) {
        return false;
    }
    let said = format!("{:?} {}", answer.headers, answer.text());
    let told =
        |name: &str, value: &str| !NO_SECRETS.contains(&name) && value.len() > 8 && said.contains(value);
    held.values.iter().any(|(name, value)| told(name, value)) || said.contains("sesame")
}

fn shows_its_inside(answer: &Answer) -> bool {
    let said = answer.text();
    INSIDE.iter().any(|word| said.contains(word))
}

/// An error has the form that its endpoint gives errors, and a page the headers of a page.
fn wrong_shape(asked: &Asked, answer: &Answer) -> Option<String> {
    let kind = answer.header("content-type");
    let failed = answer.status.is_client_error();
    if asked.method == "HEAD" || answer.status == 404 {
        return None;
    }
    if answer.status == 405 && answer.header("allow").is_empty() {
        return Some("it does not say which methods there are".into());
    }
    match asked.path.as_str() {
        "/oauth/token" | "/oauth/token_info" | "/oauth/token/revoke" if failed => {
            let document = answer.json();
            let code = document["error"].as_str().unwrap_or_default();
            let known = CODES.contains(&code) && answer.header("cache-control") == "no-store";
            // RFC 6749 section 5.2, RFC 9110 section 15.5.2.
            let challenged = answer.status != 401 || !answer.header("www-authenticate").is_empty();
            (kind != "application/json" || !known || !challenged || leads_on(&document))
                .then(|| "this is no OAuth error".into())
        }
        "/oauth/userinfo" if failed && answer.status != 405 => {
            let challenged = answer.status != 401 || answer.header("www-authenticate").starts_with("Bearer");
            (kind != "application/json" || !challenged || !answer.json()["errors"].is_array())
                .then(|| "this is no error of a resource".into())
        }
        "/oauth/token" if answer.status == 200 && asked.method == "POST" => {
            let members = ["access_token", "token_type", "expires_in"];
            let document = answer.json();
            let whole = members.iter().all(|name| document.get(name).is_some());
            (!whole || answer.header("cache-control") != "no-store")
                .then(|| "this is no token response".into())
        }
        "/oauth/token_info" if answer.status == 200 => {
            (!answer.json()["active"].is_boolean()).then(|| "this is no introspection response".into())
        }
        _ if kind.starts_with("text/html") => wrong_page(answer),
        _ if failed && kind != "application/json" => Some(format!("an error of the type {kind:?}")),
        _ => None,
    }
    .map(|what| format!("{what} ({})", asked.text))
}

fn wrong_page(answer: &Answer) -> Option<String> {
    let (page, policy) = (answer.text(), answer.header("content-security-policy"));
    let own_script = page.matches("<script").count() <= 1 && !page.contains("<script>alert");
    let guarded = policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'");
    let kept = answer.header("cache-control") != "no-store";
    let guarded = guarded && answer.header("referrer-policy") == "same-origin";
    (!own_script || !guarded || kept).then(|| "a page without its guards".into())
}

/// `error_description` has characters of RFC 6749 section 5.2 alone, and no address to follow.
fn leads_on(document: &Value) -> bool {
    let description = document["error_description"].as_str().unwrap_or_default();
    let legal = |character: char| matches!(character, ' '..='~') && character != '"' && character != '\\';
    !description.chars().all(legal) || description.contains("evil.test")
}

const REGISTERED: [&str; 5] = [
    "https://app.test/cb",
    "https://other.test/cb",
    "http://127.0.0.1/cb",
    "https://app.test/bye",
    "https://other.test/bye",
];

/// Values that pages carry on, for the browser that brought them.
const NO_SECRETS: [&str; 16] = [
    "{cookies}",
    "{consent_csrf}",
    "{sign_in_csrf}",
    "{logout_csrf}",
    "{choice_csrf}",
    "{end_csrf}",
    "{sid}",
    "{end_others_csrf}",
    "{take_back_csrf}",
    "{change_csrf}",
    "{forgot_csrf}",
    "{reset_token}",
    "{reset_csrf}",
    "{verify_token}",
    "{verify_csrf}",
    "{send_csrf}",
];

const INSIDE: [&str; 8] =
    ["panicked", "RUST_BACKTRACE", ".rs:", "Error {", "SELECT ", "sqlx", "unwrap", "Secret("];

/// RFC 6749 section 5.2, RFC 7009 section 2.2.1, and what is for all endpoints.
const CODES: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "unsupported_token_type",
    "invalid_token",
];

#[test]
fn addresses_of_others_are_astray() {
    for (target, astray) in [
        ("/sign-in?return_to=x", false),
        ("https://app.test/cb?code=x", false),
        ("http://127.0.0.1:5123/cb?code=x", false),
        ("//evil.test/", true),
        ("https://evil.test/cb", true),
        ("https://app.test/other", true),
        ("javascript:alert(1)", true),
        (ISSUER, true),
    ] {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::LOCATION, target.parse().unwrap());
        headers.insert(http::header::REFERRER_POLICY, "no-referrer".parse().unwrap());
        let answer = Answer { status: http::StatusCode::SEE_OTHER, headers, body: Vec::new() };
        assert_eq!(goes_astray(&answer), astray, "{target}");
    }
}
