//! What was asked and what was answered: told while it happens, and written down.

mod curl;
mod har;
mod told;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grantway_client::{Exchange, Witness};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::flags::TraceFlags;
use super::masked::{is_secret, looks_secret, masked};
use super::moment;
use crate::outcome::{Exit, Failure};
use crate::say;

/// Sees every request. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tell: bool,
    show_secrets: bool,
    har: Option<PathBuf>,
    curl: Option<PathBuf>,
    steps: Mutex<Vec<Step>>,
    asked_for_tokens: AtomicBool,
}

/// One request, and what came of it.
#[derive(Debug)]
struct Step {
    at: Timestamp,
    took: Duration,
    method: String,
    url: String,
    query: Vec<Field>,
    headers: Vec<Field>,
    body: Body,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Answered { status: StatusCode, headers: Vec<Field>, body: Body },
    Not(String),
}

/// What a message carries.
#[derive(Debug)]
enum Body {
    Nothing,
    Form(Vec<Field>),
    Json(Value),
    /// Of a resource, which is whoever asked's own affair.
    Other {
        content_type: Option<String>,
        bytes: usize,
    },
}

/// A name and its value, of which a part may be a secret.
#[derive(Debug)]
struct Field {
    name: String,
    before: String,
    secret: Option<Secret>,
}

impl Field {
    fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        if name.eq_ignore_ascii_case(AUTHORIZATION.as_str())
            && let Some((scheme, rest)) = value.split_once(' ')
        {
            return Self { name, before: format!("{scheme} "), secret: Some(Secret::new(rest)) };
        }
        if is_secret(&name) || looks_secret(&value) {
            return Self { name, before: String::new(), secret: Some(Secret::new(value)) };
        }
        Self { name, before: value, secret: None }
    }

    /// As it is shown.
    fn shown(&self, show_secrets: bool) -> String {
        match &self.secret {
            Some(secret) if show_secrets => format!("{}{}", self.before, secret.expose()),
            Some(secret) => format!("{}{}", self.before, masked(secret.expose())),
            None => self.before.clone(),
        }
    }

    /// The name of the variable that a script has in its place.
    fn variable(&self) -> Option<String> {
        self.secret.as_ref()?;
        let name = match self.before.trim_end() {
            "" => self.name.clone(),
            "Basic" => "basic_credentials".to_owned(),
            _ => "access_token".to_owned(),
        };
        // A name is somebody else's, and nothing in it is to be read by a shell.
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let name: String = name.chars().map(plain).collect();
        Some(if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name })
    }
}

impl Journal {
    pub(crate) fn new(flags: &TraceFlags) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Inner {
            tell: flags.trace,
            show_secrets: flags.secrets_shown()?,
            har: flags.trace_har.clone(),
            curl: flags.trace_curl.clone(),
            steps: Mutex::default(),
            asked_for_tokens: AtomicBool::new(false),
        })))
    }

    /// Has this process itself asked for tokens?
    pub(crate) fn asked_for_tokens(&self) -> bool {
        self.0.asked_for_tokens.load(Ordering::Relaxed)
    }

    /// Tells something that is not a request.
    pub(crate) fn tell(&self, text: &str) {
        if self.0.tell {
            say::story(&format!("{0}     {text}{0:#}", say::FAINT));
        }
    }

    /// Writes down what was asked for; the command has ended, well or not.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let steps = self.steps();
        for (path, text) in [
            (&self.0.har, self.0.har.as_ref().map(|_| har::archive(&steps))),
            (&self.0.curl, self.0.curl.as_ref().map(|_| curl::script(&steps))),
        ] {
            if let (Some(path), Some(text)) = (path, text) {
                std::fs::write(path, text).map_err(|fault| {
                    Failure::new(
                        Exit::CouldNotRun,
                        format!("{} cannot be written", path.display()),
                        fault,
                        "name another file",
                    )
                })?;
            }
        }
        Ok(())
    }

    fn steps(&self) -> MutexGuard<'_, Vec<Step>> {
        self.0.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness for Journal {
    fn saw(&self, exchange: &Exchange<'_>) {
        let step = Step::of(exchange);
        if let Body::Form(fields) = &step.body
            && fields.iter().any(|field| field.name == "grant_type")
        {
            self.0.asked_for_tokens.store(true, Ordering::Relaxed);
        }
        let mut steps = self.steps();
        if self.0.tell {
            say::story(&told::told(steps.len() + 1, &step, self.0.show_secrets));
        }
        if self.0.har.is_some() || self.0.curl.is_some() || self.0.tell {
            steps.push(step);
        }
    }
}

impl Step {
    fn of(exchange: &Exchange<'_>) -> Self {
        let request = exchange.request;
        let whole = request.uri().to_string();
        let (url, query) = match Url::parse(&whole) {
            Ok(mut url) => {
                let query = url.query_pairs().map(|(name, value)| Field::new(name, value)).collect();
                url.set_query(None);
                let _ = url.set_password(None);
                (url.to_string(), query)
            }
            Err(_) => (whole.split('?').next().unwrap_or_default().to_owned(), Vec::new()),
        };
        let outcome = match exchange.outcome {
            Ok(answer) => Outcome::Answered {
                status: answer.status(),
                headers: fields(answer.headers()),
                body: Body::of(answer.headers(), answer.body()),
            },
            Err(fault) => Outcome::Not(fault.to_string()),
        };
        Self {
            at: moment::now(),
            took: exchange.took,
            method: request.method().to_string(),
            url,
            query,
            headers: fields(request.headers()),
            body: Body::of(request.headers(), request.body()),
            outcome,
        }
    }
}

impl Body {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        if body.is_empty() {
            return Self::Nothing;
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type
            .and_then(|value| value.split(';').next())
            .map(|value| value.trim().to_ascii_lowercase());
        match essence.as_deref() {
            Some("application/x-www-form-urlencoded") => Self::Form(
                form_urlencoded::parse(body).map(|(name, value)| Field::new(name, value)).collect(),
            ),
            Some(json) if json == "application/json" || json.ends_with("+json") => {
                serde_json::from_slice(body).map_or_else(|_| Self::other(content_type, body), Self::Json)
            }
            _ => Self::other(content_type, body),
        }
    }

    fn other(content_type: Option<&str>, body: &[u8]) -> Self {
        Self::Other { content_type: content_type.map(str::to_owned), bytes: body.len() }
    }
}

/// A document with its secrets hidden, wherever in it they are.
fn hidden(value: &Value) -> Value {
    fn of(name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if is_secret(name) || looks_secret(text) => Value::String(masked(text)),
            Value::Array(all) => all.iter().map(|one| of(name, one)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), of(name, value))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
    of("", value)
}

fn fields(headers: &HeaderMap) -> Vec<Field> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| Field::new(name.as_str(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;

    pub(super) fn steps() -> Vec<Step> {
        let request = Request::post("https://op.test/token?api_key=sesame-sesame-sesame-sesame")
            .header("authorization", "Basic c2VzYW1lLXNlc2FtZS1zZXNhbWU=")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from("grant_type=authorization_code&code=sesame-sesame-sesame&redirect_uri=http%3A%2F%2F127.0.0.1%3A7%2Fcallback"))
            .unwrap();
        let answer = Response::builder()
            .status(200)
            .header("content-type", "application/json")
            .header("set-cookie", "sesame-sesame-sesame-sesame=1")
            .body(Bytes::from(
                r#"{"access_token":"sesame-sesame-sesame","token_type":"Bearer","nested":{"refresh_token":"sesame-sesame-sesame"},"list":["eyJzZXNhbWUiOiJzZXNhbWUifQ.sesame.sesame"]}"#,
            ))
            .unwrap();
        vec![Step::of(&exchange(&request, &answer))]
    }

    fn exchange<'a>(request: &'a Request<Bytes>, answer: &'a Response<Bytes>) -> Exchange<'a> {
        Exchange::new(request, Ok(answer), Duration::from_millis(12))
    }

    #[test]
    fn a_variable_has_a_name_that_a_shell_takes() {
        for (name, variable) in
            [("x-api-key", "X_API_KEY"), ("token$(reboot)", "TOKEN__REBOOT_"), ("2nd_token", "_2ND_TOKEN")]
        {
            assert_eq!(Field::new(name, "sesame").variable().as_deref(), Some(variable));
        }
        assert_eq!(Field::new("scope", "read").variable(), None);
    }

    #[test]
    fn no_secret_is_in_anything_that_is_told_or_written() {
        let steps = steps();
        for text in [told::told(1, &steps[0], false), har::archive(&steps), curl::script(&steps)] {
            let bare = text.replace("sesa…same", "").replace("c2Vz…bWU=", "");
            assert!(!bare.contains("sesame") && !bare.contains("c2VzYW1l"), "{text}");
            assert!(text.contains("op.test/token"), "{text}");
        }
        assert!(told::told(1, &steps[0], true).contains("sesame-sesame-sesame"));
    }
}
