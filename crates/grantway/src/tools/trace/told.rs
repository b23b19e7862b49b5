//! A step as a person reads it.

use std::fmt::Write;

use serde_json::Value;

use super::{Body, Field, Outcome, Step};
use crate::say::{BAD, FAINT, GOOD, STRONG};
use grantway_core::plain::plain;

/// Numbered, indented, and without the headers that say nothing.
pub(super) fn told(number: usize, step: &Step, show_secrets: bool) -> String {
    let asked = plain(&format!("{} {}", step.method, step.url.shown(show_secrets)));
    let mut text = format!("{STRONG}[{number}] {asked}{STRONG:#}");
    let mut line = |sign: &str, words: String| {
        let _ = write!(text, "\n     {sign} {words}");
    };
    for field in &step.query {
        line(">", plain(&format!("?{}", field.shown(" = ", show_secrets))));
    }
    for field in step.headers.iter().filter(|field| is_telling(field)) {
        line(">", plain(&format!("{}: {}", field.name, field.value.shown(show_secrets))));
    }
    for words in body(&step.body, show_secrets) {
        line(">", words);
    }
    let took = step.took.as_millis();
    match &step.outcome {
        Outcome::Answered { status, headers, body: answered } => {
            let colour = if status.is_client_error() || status.is_server_error() { BAD } else { GOOD };
            line("<", format!("{colour}{status}{colour:#} {FAINT}after {took} ms{FAINT:#}"));
            for field in headers.iter().filter(|field| is_telling(field)) {
                line("<", plain(&format!("{}: {}", field.name, field.value.shown(show_secrets))));
            }
            for words in body(answered, show_secrets) {
                line("<", words);
            }
        }
        Outcome::Not(why) => {
            let why = plain(&why.shown(show_secrets));
            line("<", format!("{BAD}no answer{BAD:#} after {took} ms: {why}"));
        }
    }
    text
}

fn body(body: &Body, show_secrets: bool) -> Vec<String> {
    let lines = match body {
        Body::Nothing => Vec::new(),
        Body::Form(fields) => fields.iter().map(|field| field.shown(" = ", show_secrets)).collect(),
        Body::Json(document) => members(&document.shown(show_secrets)),
        Body::Other { content_type, bytes } => {
            vec![format!("({bytes} bytes of {})", content_type.as_deref().unwrap_or("no named type"))]
        }
    };
    lines.iter().map(|line| plain(line)).collect()
}

/// Each member on a line of its own, cut where nobody would read on.
fn members(document: &Value) -> Vec<String> {
    let cut = |text: String| match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    match document {
        Value::Object(members) => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let mut lines: Vec<_> = members
                .iter()
                .take(MOST_MEMBERS)
                .map(|(name, value)| format!("{name} = {}", cut(text(value))))
                .collect();
            if members.len() > MOST_MEMBERS {
                lines.push(format!("… and {} members more", members.len() - MOST_MEMBERS));
            }
            lines
        }
        other => vec![cut(other.to_string())],
    }
}

fn is_telling(field: &Field) -> bool {
    TELLING.contains(&field.name.to_ascii_lowercase().as_str())
}

const TELLING: [&str; 8] = [
    "authorization",
    "dpop",
    "dpop-nonce",
    "www-authenticate",
    "retry-after",
    "location",
    "content-type",
    "date",
];
const MOST_MEMBERS: usize = 12;
const WIDEST: usize = 160;
