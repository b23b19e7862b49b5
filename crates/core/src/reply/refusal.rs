//! An error of a token endpoint: RFC 6749 section 5.2, and what others say instead.

use std::fmt;

use crate::failure::FailureClass;
use crate::time::Timestamp;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use super::body::Body;
use super::concealed::{Hidden, shortened};
use super::excerpt::excerpt;
use super::{Member, ReplyPolicy, Tolerance};
use crate::challenge::Challenge;
use crate::plain::plain;
use crate::retry_after::retry_after;
use crate::secret::Secret;

/// The provider said no. What it said is cut short and freed of control characters, and is for an operator: it may be
/// about the client, so it is not for a page.
#[derive(Clone, Debug)]
pub struct ErrorReply {
    /// Its status.
    pub status: StatusCode,
    /// The word of the standard, or the provider's own; absent if it gave none.
    pub error: Option<String>,
    /// What it said to that.
    pub error_description: Option<String>,
    /// Where it says more.
    pub error_uri: Option<String>,
    /// Before this it does not want to be asked again.
    pub retry_at: Option<Timestamp>,
    /// What came instead, if no words could be read: its content type and its beginning, with everything masked that may
    /// be a secret.
    pub instead: Option<String>,
    /// What is not as RFC 6749 section 5.2 has it.
    pub tolerances: Vec<Tolerance>,
}

impl ErrorReply {
    /// Who has to do something. `spends_grant` says whether the request spent something that a person had granted
    /// ([`TokenRequest::spends_grant`](crate::token_request::TokenRequest::spends_grant)).
    #[must_use]
    pub fn class(&self, spends_grant: bool) -> FailureClass {
        let by_status = FailureClass::of_status(self.status, self.retry_at);
        if matches!(by_status, FailureClass::RateLimited { .. }) {
            return by_status;
        }
        // Twitch has "Bad Request" where the word belongs, and the word where the description does.
        let words = [&self.error, &self.error_description];
        let known = |word: &String| FailureClass::of_error(&word.to_ascii_lowercase(), spends_grant);
        match words.into_iter().flatten().find_map(known) {
            Some(FailureClass::RateLimited { .. }) => FailureClass::RateLimited { until: self.retry_at },
            Some(class) => class,
            // An error by another name, and a status that says nothing.
            None if self.status.is_success() && self.error.is_some() => FailureClass::Config,
            None => by_status,
        }
    }

    /// One that says nothing that can be read.
    pub(super) fn without_words(
        answer: &Response<Bytes>,
        now: Timestamp,
        tolerances: Vec<Tolerance>,
    ) -> Self {
        Self {
            status: answer.status(),
            error: None,
            error_description: None,
            error_uri: None,
            retry_at: retry_after(answer.headers(), now),
            instead: Some(shown(answer)),
            tolerances,
        }
        .or_as_challenged(answer.headers())
    }

    /// Takes those out of all that the provider said: some repeat what they were sent.
    pub fn conceal(&mut self, secrets: &[Secret]) {
        let Self { status: _, error, error_description, error_uri, retry_at: _, instead, tolerances } = self;
        let hidden = Hidden::of(secrets);
        for text in [error, error_description, error_uri, instead].into_iter().flatten() {
            *text = hidden.conceal(text);
        }
        for tolerance in tolerances {
            tolerance.go_without(&hidden);
        }
    }

    /// What protects a resource says in a header what is wrong, and need not say it in the body (RFC 6750 section 3).
    fn or_as_challenged(mut self, headers: &HeaderMap) -> Self {
        let told = |text: Option<String>| word(&Value::String(text?));
        let challenge = Challenge::all(headers).into_iter().find(|challenge| challenge.error.is_some());
        if let (None, Some(challenge)) = (&self.error, challenge) {
            self.error = told(challenge.error);
            self.error_description = self.error_description.or_else(|| told(challenge.error_description));
        }
        self
    }
}

impl fmt::Display for ErrorReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        match (&self.error, &self.error_description) {
            (Some(error), Some(description)) => write!(f, "{error}: {description} (status {status})"),
            (Some(error), None) => write!(f, "{error} (status {status})"),
            (None, Some(description)) => write!(f, "status {status}: {description}"),
            (None, None) => {
                let instead = self.instead.as_deref().unwrap_or("no error is named");
                write!(f, "status {status}, {instead}")
            }
        }
    }
}

impl std::error::Error for ErrorReply {}

/// The error that a body reports, if it reports one and no token.
pub(super) fn read(
    policy: &ReplyPolicy,
    body: &Body,
    answer: &Response<Bytes>,
    (now, tolerances): (Timestamp, &mut Vec<Tolerance>),
) -> Option<ErrorReply> {
    let said = body.get("error").filter(|said| !matches!(said, Value::Null | Value::Bool(false)));
    let negative = said.is_some()
        || body.get("ok") == Some(&Value::Bool(false))
        || body.get("success") == Some(&Value::Bool(false));
    if answer.status().is_success() {
        if !negative {
            return None;
        }
        if has_token(policy, body) && !policy.is_strict() {
            let error = said.and_then(word).unwrap_or_default();
            tolerances.push(Tolerance::ErrorBesideToken { error });
            return None;
        }
        tolerances.push(Tolerance::ErrorInSuccess);
    }
    // RFC 6749 section 5.2; what is above and beyond is of HTTP and not of OAuth.
    let of_http = matches!(answer.status().as_u16(), 400 | 401 | 429 | 500..);
    if !of_http && !answer.status().is_success() && said.is_some() {
        tolerances.push(Tolerance::StatusOdd { status: answer.status() });
    }
    let top = |names: &[&str]| names.iter().find_map(|name| body.get(name).and_then(word));
    let nested = said.and_then(Value::as_object);
    let within = |names: &[&str]| {
        nested.and_then(|object| names.iter().find_map(|name| object.get(*name).and_then(word)))
    };
    if nested.is_some() {
        tolerances.push(Tolerance::ErrorNested);
    }
    let refusal = ErrorReply {
        status: answer.status(),
        error: said
            .and_then(word)
            .or_else(|| within(&["type", "status", "error", "code"]))
            .or_else(|| top(&["errorCode", "error_code", "code"])),
        error_description: top(&[
            "error_description",
            "errorDescription",
            "error_message",
            "message",
            "detail",
        ])
        .or_else(|| within(&["message", "error_description", "detail"])),
        error_uri: top(&["error_uri"]),
        retry_at: retry_after(answer.headers(), now),
        instead: None,
        tolerances: tolerances.clone(),
    };
    Some(refusal.or_as_challenged(answer.headers()))
}

/// A login page, the sign of a gateway, the challenge of a bot fighter: an operator knows it when he sees it.
fn shown(answer: &Response<Bytes>) -> String {
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("no content type");
    match excerpt(answer.body()) {
        beginning if beginning.is_empty() => content_type.to_owned(),
        beginning => format!("{content_type}, beginning {beginning:?}"),
    }
}

fn has_token(policy: &ReplyPolicy, body: &Body) -> bool {
    let mut copy = body.clone();
    let token = copy.take(policy, Member::AccessToken, &mut Vec::new());
    token.is_some_and(|(_, token)| token.is_string())
}

/// A text or a number as somebody may read it: short, and on one line.
fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let line = plain(&shortened(text.trim(), MAX_WORD));
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

const MAX_WORD: usize = 500;
