//! The steps as an HTTP Archive (HAR 1.2, w3c.github.io/web-performance/specs/HAR/Overview.html), secrets hidden.

use http::header::LOCATION;
use serde_json::{Value, json};

use super::{Body, Field, Outcome, Parameter, Step};
use crate::tools::moment;

pub(super) fn archive(steps: &[Step]) -> String {
    let entries: Vec<_> = steps.iter().map(entry).collect();
    let log = json!({"log": {
        "version": "1.2",
        "creator": {"name": "grantway", "version": env!("CARGO_PKG_VERSION")},
        "entries": entries,
    }});
    format!("{log:#}\n")
}

fn entry(step: &Step) -> Value {
    let took = u64::try_from(step.took.as_millis()).unwrap_or(u64::MAX);
    let post = match &step.body {
        Body::Nothing => None,
        Body::Form(fields) => Some(json!({
            "mimeType": "application/x-www-form-urlencoded", "params": parameters(fields), "text": "",
        })),
        Body::Json(document) => Some(json!({
            "mimeType": "application/json", "params": [], "text": document.shown(false).to_string(),
        })),
        Body::Other { content_type, .. } => {
            Some(json!({"mimeType": content_type.as_deref().unwrap_or_default(), "params": [], "text": ""}))
        }
    };
    let mut request = json!({
        "method": step.method, "url": step.url.shown(false), "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": pairs(&step.headers), "queryString": parameters(&step.query), "headersSize": -1, "bodySize": -1,
    });
    if let Some(post) = post {
        request["postData"] = post;
    }
    let response = match &step.outcome {
        Outcome::Answered { status, headers, body } => json!({
            "status": status.as_u16(), "statusText": status.canonical_reason().unwrap_or_default(),
            "httpVersion": "HTTP/1.1", "cookies": [], "headers": pairs(headers), "content": content(body),
            "redirectURL": redirect(headers), "headersSize": -1, "bodySize": -1,
        }),
        Outcome::Not(why) => json!({
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "_error": why.shown(false),
        }),
    };
    json!({
        "startedDateTime": moment::rfc3339(step.at.minus(step.took)), "time": took, "request": request,
        "response": response, "cache": {}, "timings": {"send": 0, "wait": took, "receive": 0},
    })
}

fn content(body: &Body) -> Value {
    match body {
        Body::Nothing => json!({"size": 0, "mimeType": ""}),
        Body::Form(fields) => json!({
            "size": 0, "mimeType": "application/x-www-form-urlencoded",
            "text": fields.iter().map(|field| field.shown("=", false)).collect::<Vec<_>>().join("&"),
        }),
        Body::Json(document) => {
            let text = document.shown(false).to_string();
            json!({"size": text.len(), "mimeType": "application/json", "text": text})
        }
        Body::Other { content_type, bytes } => {
            json!({"size": bytes, "mimeType": content_type.as_deref().unwrap_or_default()})
        }
    }
}

fn redirect(headers: &[Field]) -> String {
    let to = headers.iter().find(|field| field.name == LOCATION.as_str());
    to.map(|field| field.value.shown(false)).unwrap_or_default()
}

fn pairs(fields: &[Field]) -> Vec<Value> {
    fields.iter().map(pair).collect()
}

fn parameters(all: &[Parameter]) -> Vec<Value> {
    let pair = |parameter: &Parameter| match parameter {
        Parameter::Named(field) => pair(field),
        Parameter::Nameless(value) => json!({"name": "", "value": value.shown(false)}),
    };
    all.iter().map(pair).collect()
}

fn pair(field: &Field) -> Value {
    json!({"name": field.name, "value": field.value.shown(false)})
}
