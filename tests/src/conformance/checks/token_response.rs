use http::StatusCode;
use serde_json::Value;

use super::description;
use super::entropy::{LEAST_BITS, bits};
use crate::Answer;
use crate::conformance::condition::{Condition, Finding, Stop};

/// What holds of every answer that grants something; one that refuses ends the module.
pub(crate) fn all(answer: &Answer, findings: &mut Vec<Finding>) -> Result<Value, Stop> {
    let body = answer.json();
    if answer.status != StatusCode::OK || !body.is_object() {
        let (status, text) = (answer.status.as_u16(), excerpt(answer));
        let why = format!("the token endpoint answers {status} instead of 200 with a JSON object: {text}");
        return Err(Stop::Found(GRANTS.must(Some(why))));
    }
    let token = body["access_token"].as_str().unwrap_or_default();
    findings.extend([
        GRANTS.must(None),
        JSON.must(json_fault(answer)),
        NO_STORE.must(no_store_fault(answer)),
        TOKEN_TYPE.must(token_type_fault(&body)),
        EXPIRES_IN.must(expires_in_fault(&body)),
        CHARACTERS.must(characters_fault(token)),
        ENTROPY.must(
            (bits(token) < LEAST_BITS)
                .then(|| format!("the access token has {:.0} bits, not 96", bits(token))),
        ),
    ]);
    Ok(body)
}

/// What holds of an answer that refuses (RFC 6749 section 5.2).
pub(crate) fn refusal(answer: &Answer, wanted: &[&str]) -> Vec<Finding> {
    let body = answer.json();
    let error = body["error"].as_str().unwrap_or_default();
    vec![
        REFUSES.must((!wanted.contains(&error) || answer.status.is_success()).then(|| {
            let (status, wanted) = (answer.status.as_u16(), wanted.join(" or "));
            format!(
                "the token endpoint answers {status} {} instead of refusing with {wanted}",
                excerpt(answer)
            )
        })),
        REFUSAL_STATUS.must(
            (![400, 401].contains(&answer.status.as_u16()))
                .then(|| format!("the refusal has the status {}, not 400 or 401", answer.status.as_u16())),
        ),
        JSON.must(json_fault(answer)),
        REFUSAL_MEMBERS.must(body.as_object().and_then(|members| {
            let odd = members
                .keys()
                .find(|name| !["error", "error_description", "error_uri"].contains(&name.as_str()))?;
            Some(format!("the refusal has the member {odd}, which nothing defines"))
        })),
        REFUSAL_DESCRIPTION.must(body["error_description"].as_str().and_then(description::fault)),
    ]
}

fn json_fault(answer: &Answer) -> Option<String> {
    let kind = answer.header("content-type");
    let essence = kind.split(';').next().unwrap_or_default().trim();
    (!essence.eq_ignore_ascii_case("application/json"))
        .then(|| format!("the content type is {kind:?}, not application/json"))
}

fn no_store_fault(answer: &Answer) -> Option<String> {
    let directives = answer.header("cache-control");
    let found = directives.split(',').any(|one| one.trim().eq_ignore_ascii_case("no-store"));
    (!found)
        .then(|| format!("a cache may keep the tokens: cache-control is {directives:?}, without no-store"))
}

fn token_type_fault(body: &Value) -> Option<String> {
    let bearer = body["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    (!bearer).then(|| format!("token_type is {}, not Bearer", body["token_type"]))
}

fn expires_in_fault(body: &Value) -> Option<String> {
    let expires_in = body.get("expires_in")?;
    let whole = expires_in.as_u64().is_some_and(|seconds| seconds > 0);
    (!whole).then(|| format!("expires_in is {expires_in}, which is no number of seconds"))
}

/// `b64token` of RFC 6750 section 2.1.
fn characters_fault(token: &str) -> Option<String> {
    if token.is_empty() {
        return Some("there is no access_token".to_owned());
    }
    let legal = |own: char| own.is_ascii_alphanumeric() || "-._~+/".contains(own);
    let odd = token.trim_end_matches('=').chars().find(|own| !legal(*own))?;
    Some(format!("the access token holds {odd:?}, which no header can carry for it"))
}

/// The beginning of what was said, in one line.
fn excerpt(answer: &Answer) -> String {
    let text = answer.text();
    let line: Vec<_> = text.split_whitespace().collect();
    line.join(" ").chars().take(200).collect()
}

pub(crate) const ID_TOKEN: Condition =
    Condition::new("id-token-is-there", "openid brings an ID token", "OpenID Connect Core 3.1.3.3");
const GRANTS: Condition =
    Condition::new("token-response", "the token endpoint answers 200 with a JSON object", "RFC 6749 5.1");
const JSON: Condition = Condition::new("token-response-json", "the content type is JSON's", "RFC 6749 5.1");
const NO_STORE: Condition =
    Condition::new("token-response-no-store", "no cache keeps the tokens", "RFC 6749 5.1");
const TOKEN_TYPE: Condition =
    Condition::new("token-type", "token_type is Bearer", "OpenID Connect Core 3.1.3.3");
const EXPIRES_IN: Condition =
    Condition::new("expires-in", "expires_in, if there is one, is a number", "RFC 6749 5.1");
const CHARACTERS: Condition =
    Condition::new("access-token-characters", "a header can carry the access token", "RFC 6750 2.1");
const ENTROPY: Condition =
    Condition::new("access-token-entropy", "the access token is hard to guess", "RFC 6749 10.10");
const REFUSES: Condition =
    Condition::new("token-refused", "the token endpoint refuses, and says why", "RFC 6749 5.2");
const REFUSAL_STATUS: Condition =
    Condition::new("token-refusal-status", "a refusal has the status 400 or 401", "RFC 6749 5.2");
const REFUSAL_MEMBERS: Condition =
    Condition::new("token-refusal-members", "a refusal says what is defined and no more", "RFC 6749 5.2");
const REFUSAL_DESCRIPTION: Condition = Condition::new(
    "token-refusal-description",
    "error_description, if there is one, is of the characters it may have",
    "RFC 6749 5.2",
);
