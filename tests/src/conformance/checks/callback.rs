use http::StatusCode;

use super::entropy::{LEAST_BITS, bits};
use super::{Provider, description};
use crate::URLENCODED;
use crate::conformance::condition::{Condition, Finding};
use crate::conformance::person::{By, Call};
use crate::conformance::plan::ResponseMode;
use crate::conformance::request::AuthorizationRequest;

/// What holds of every answer to an authorization request, good or bad.
pub(crate) fn all(
    call: &Call,
    request: &AuthorizationRequest<'_>,
    mode: ResponseMode,
    provider: &Provider,
) -> Vec<Finding> {
    vec![
        MODE.must(match mode {
            ResponseMode::Default => not_in_the_query(call),
            ResponseMode::FormPost => not_posted(call),
        }),
        STATE.must(state_fault(call, request.parameter("state"))),
        PARAMETERS.must(parameters(call)),
        ISS.must(iss(call, provider)),
        DESCRIPTION.must(value(call, "error_description").and_then(|text| description::fault(&text))),
    ]
}

/// A browser sends a posted password on when it is answered so.
pub(crate) fn password_stays(sent_on: Option<StatusCode>) -> Finding {
    PASSWORD_STAYS.must(sent_on.map(|status| {
        format!("the page with the password is answered {}, so the browser posts it on", status.as_u16())
    }))
}

pub(crate) fn code_is_hard_to_guess(code: &str) -> Finding {
    let bits = bits(code);
    CODE_ENTROPY.must((bits < LEAST_BITS).then(|| format!("the code has {bits:.0} bits, not 96")))
}

fn not_in_the_query(call: &Call) -> Option<String> {
    match &call.by {
        By::Form { .. } => Some("the application is called by a form, not by a redirect".to_owned()),
        By::Redirect(status) if !matches!(status.as_u16(), 302 | 303) => {
            Some(format!("the browser is sent back by {}, not by 302 or 303", status.as_u16()))
        }
        By::Redirect(_) if call.url.fragment().is_some() => {
            Some("there is a fragment in the address of the callback".to_owned())
        }
        By::Redirect(_) => None,
    }
}

fn not_posted(call: &Call) -> Option<String> {
    match &call.by {
        By::Redirect(_) => {
            Some("the application is called by a redirect although response_mode=form_post".to_owned())
        }
        By::Form { method, .. } if method != "post" => {
            Some(format!("the form of the callback has the method {method}, not post"))
        }
        By::Form { enctype, .. } if enctype != URLENCODED => {
            Some(format!("the form of the callback is written as {enctype}, not as {URLENCODED}"))
        }
        By::Form { .. } => {
            let query: Vec<_> = call.url.query_pairs().map(|(name, _)| name.into_owned()).collect();
            (!query.is_empty() || call.url.fragment().is_some())
                .then(|| format!("the form posts to an address that says {} as well", query.join(", ")))
        }
    }
}

/// What is wrong with the state that comes back, here or from a sign-out.
pub(crate) fn state_fault(call: &Call, sent: Option<&str>) -> Option<String> {
    let back: Vec<_> = all_of(call, "state");
    match (sent, back.as_slice()) {
        (None, []) => None,
        (None, _) => Some("a state came back although none was sent".to_owned()),
        (Some(_), []) => Some("the state that was sent did not come back".to_owned()),
        (Some(sent), [one]) => {
            (one != sent).then(|| format!("the state came back as {one:?}, not as {sent:?}"))
        }
        (Some(_), _) => Some("the state came back more than once".to_owned()),
    }
}

fn parameters(call: &Call) -> Option<String> {
    let known: &[&str] = if value(call, "error").is_some() {
        &["error", "error_description", "error_uri", "state", "iss"]
    } else {
        &["code", "state", "iss", "session_state"]
    };
    let told = call.parameters();
    let odd: Vec<_> =
        told.iter().map(|(name, _)| name.as_str()).filter(|name| !known.contains(name)).collect();
    if !odd.is_empty() {
        return Some(format!("the callback has parameters that nothing defines: {}", odd.join(", ")));
    }
    let twice = known.iter().find(|name| all_of(call, name).len() > 1);
    twice.map(|name| format!("the callback has {name} more than once"))
}

/// RFC 9207 section 2.4.
fn iss(call: &Call, provider: &Provider) -> Option<String> {
    match value(call, "iss") {
        Some(iss) => (iss != provider.issuer)
            .then(|| format!("iss of the callback is {iss:?}, the issuer is {:?}", provider.issuer)),
        None => provider
            .flag("authorization_response_iss_parameter_supported")
            .then(|| "the metadata promises iss in the callback, and there is none".to_owned()),
    }
}

fn value(call: &Call, name: &str) -> Option<String> {
    all_of(call, name).into_iter().next()
}

fn all_of(call: &Call, name: &str) -> Vec<String> {
    call.parameters().into_iter().filter(|(own, _)| own == name).map(|(_, value)| value).collect()
}

pub(crate) const CODE: Condition =
    Condition::new("callback-code", "the application is called back with a code", "RFC 6749 4.1.2");
const MODE: Condition = Condition::new(
    "callback-mode",
    "the application is called as response_mode has it",
    "Multiple Response Types 2.1, Form Post Response Mode 2",
);
const STATE: Condition =
    Condition::new("callback-state", "state comes back as it was sent, if it was", "RFC 6749 4.1.2");
const PARAMETERS: Condition =
    Condition::new("callback-parameters", "the callback says what is defined and no more", "RFC 6749 4.1.2");
const ISS: Condition =
    Condition::new("callback-iss", "iss is the issuer, and there if the metadata promises it", "RFC 9207 2");
const DESCRIPTION: Condition = Condition::new(
    "callback-error-description",
    "error_description, if there is one, is of the characters it may have",
    "RFC 6749 4.1.2.1",
);
const PASSWORD_STAYS: Condition =
    Condition::new("password-stays", "no redirect posts the password on", "RFC 9700 4.12");
const CODE_ENTROPY: Condition = Condition::new("code-entropy", "the code is hard to guess", "RFC 6749 10.10");
