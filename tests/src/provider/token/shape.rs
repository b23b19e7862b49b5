use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::{Map, Value, json};

use super::{LIFETIME, Tokens};
use crate::URLENCODED;
use crate::provider::desk::{Desk, iso_date};
use crate::provider::fault::Fault;
use crate::provider::reply::Reply;
use crate::provider::scope;

/// RFC 6749 section 5.1, or what that provider makes of it.
pub(super) fn reply(desk: &Desk, tokens: &Tokens) -> Reply {
    let mut members = members(desk, tokens);
    if desk.has(Fault::Nested) {
        members = Map::from_iter([("authed_user".to_owned(), members.into())]);
    }
    if desk.has(Fault::OkFalse200) {
        members.insert("ok".to_owned(), true.into());
    }
    let reply = if desk.has(Fault::FormBody) {
        let pairs = members.iter().map(|(name, value)| (name, bare(value)));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        Reply::new(StatusCode::OK, URLENCODED, body)
    } else {
        Reply::json(StatusCode::OK, &members.into())
    };
    reply.with(CACHE_CONTROL, "no-store")
}

fn members(desk: &Desk, tokens: &Tokens) -> Map<String, Value> {
    let mut members = Map::new();
    let mut say = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let access_token = if desk.has(Fault::Renamed) { "accessToken" } else { "access_token" };
    say(access_token, tokens.access_token.as_str().into());
    let token_type = match (desk.has(Fault::OddType), desk.has(Fault::UnknownType)) {
        (true, _) => "bot",
        (false, true) => "mac",
        (false, false) => "Bearer",
    };
    if !desk.has(Fault::NoType) {
        say("token_type", token_type.into());
    }
    if let Some((name, expiry)) = expiry(desk) {
        say(name, expiry);
    }
    if let Some(refresh_token) = &tokens.refresh_token {
        say("refresh_token", refresh_token.as_str().into());
    }
    let scope = if desk.has(Fault::ScopeArray) {
        json!(tokens.scopes)
    } else {
        scope::written(desk, &tokens.scopes).into()
    };
    say("scope", scope);
    if let Some(id_token) = &tokens.id_token {
        say("id_token", id_token.as_str().into());
    }
    if let Some(issued) = tokens.issued_token_type {
        say("issued_token_type", issued.into());
    }
    members
}

fn expiry(desk: &Desk) -> Option<(&'static str, Value)> {
    let (seconds, end) = (LIFETIME.as_secs(), desk.now().plus(LIFETIME));
    let mut expiry = Some(("expires_in", json!(seconds)));
    for fault in desk.faults_of(Fault::NoExpiry.usual_place()) {
        match fault {
            Fault::StringExpiry => expiry = Some(("expires_in", json!(seconds.to_string()))),
            Fault::FloatExpiry => expiry = Some(("expires_in", json!(LIFETIME.as_secs_f64()))),
            Fault::EpochExpiry => expiry = Some(("expires_in", json!(end.unix()))),
            Fault::IsoExpiry => expiry = Some(("expires_in", json!(iso_date(end)))),
            Fault::MsExpiry => expiry = Some(("expires_in", json!(seconds * 1000))),
            Fault::ExpiresAt => expiry = Some(("expires_at", json!(end.unix()))),
            Fault::NoExpiry => expiry = None,
            _ => {}
        }
    }
    expiry
}

/// A string without its quotes.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
