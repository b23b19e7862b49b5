//! The body of a reply, whatever it is written as.

use bytes::Bytes;
use grantway_core::http::Form;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::policy::OFTEN_AT;
use super::{Member, ReplyPolicy, Tolerance, Unreadable};

/// The members of a reply that have not been read yet.
#[derive(Debug)]
pub(super) struct Body(pub(super) Map<String, Value>);

impl Body {
    pub(super) fn read(
        policy: &ReplyPolicy,
        answer: &Response<Bytes>,
        tolerances: &mut Vec<Tolerance>,
    ) -> Result<Self, Unreadable> {
        let mut text = &answer.body()[..];
        if let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) {
            policy.tolerate(Tolerance::ByteOrderMark, tolerances)?;
            text = rest;
        }
        let text = text.trim_ascii();
        let why = match serde_json::from_slice::<Value>(text) {
            Ok(Value::Object(members)) => {
                let content_type = content_type(answer);
                if !content_type.as_deref().is_some_and(is_json) && answer.status().is_success() {
                    policy.tolerate(Tolerance::ContentTypeOdd { found: content_type }, tolerances)?;
                }
                return Ok(Self(members));
            }
            Ok(Value::Array(_)) => return Err(Unreadable::NotAnObject("array")),
            Ok(Value::String(_)) => return Err(Unreadable::NotAnObject("string")),
            Ok(Value::Number(_)) => return Err(Unreadable::NotAnObject("number")),
            Ok(Value::Bool(_) | Value::Null) => return Err(Unreadable::NotAnObject("literal")),
            Err(why) => why,
        };
        match text.first() {
            None => Err(Unreadable::Empty),
            Some(b'<') => Err(Unreadable::Html),
            Some(_) => match form(text) {
                Some(members) => {
                    policy.tolerate(Tolerance::FormEncoded, tolerances)?;
                    Ok(Self(members))
                }
                None => Err(Unreadable::NotJson(why.to_string())),
            },
        }
    }

    /// Takes a member out, from wherever the policy finds it; `null` counts as absent. With the path, as a JSON
    /// Pointer.
    pub(super) fn take(
        &mut self,
        policy: &ReplyPolicy,
        member: Member,
        tolerances: &mut Vec<Tolerance>,
    ) -> Option<(String, Value)> {
        for place in policy.named_places(member) {
            if let Some((path, value)) = self.at(place) {
                tolerances.extend(oddity(member, place, &path));
                return Some((path, value));
            }
        }
        if let Some(found) = self.at(member.as_str()) {
            return Some(found);
        }
        for (_, place) in OFTEN_AT.iter().filter(|(own, _)| *own == member && !policy.is_strict()) {
            if let Some((path, value)) = self.at(place) {
                tolerances.extend(oddity(member, place, &path));
                return Some((path, value));
            }
        }
        None
    }

    /// What a name or a pointer leads to. A name at the top is taken out; what lies deeper stays where it is.
    fn at(&mut self, place: &str) -> Option<(String, Value)> {
        let present = |value: &Value| !value.is_null() && value.as_str() != Some("");
        if self.0.get(place).is_some_and(present) {
            return Some((format!("/{}", escaped(place)), self.0.shift_remove(place)?));
        }
        let mut steps = place.strip_prefix('/')?.splitn(2, '/');
        let (first, rest) = (steps.next()?.replace("~1", "/").replace("~0", "~"), steps.next());
        let within = self.0.get(&first)?;
        let found = match rest {
            None => Some(within),
            Some(rest) => within.pointer(&format!("/{rest}")),
        };
        found.filter(|value| present(value)).map(|value| (place.to_owned(), value.clone()))
    }
}

/// What is odd about a member that lies there, if anything is.
fn oddity(member: Member, place: &str, path: &str) -> Option<Tolerance> {
    if place == member.as_str() {
        return None;
    }
    let found = place.to_owned();
    Some(if path == format!("/{}", escaped(place)) {
        Tolerance::RenamedMember { member, found }
    } else {
        Tolerance::NestedMember { member, found }
    })
}

/// As one step of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A form with at least one parameter that a token endpoint would send: any text is a form of a sort.
fn form(text: &[u8]) -> Option<Map<String, Value>> {
    let form = Form::parse(text).ok()?;
    let known = |name: &str| matches!(name, "access_token" | "error" | "oauth_token" | "refresh_token");
    form.pairs().any(|(name, _)| known(name)).then_some(())?;
    Some(form.pairs().map(|(name, value)| (name.to_owned(), Value::from(value))).collect())
}

fn content_type(answer: &Response<Bytes>) -> Option<String> {
    answer.headers().get(CONTENT_TYPE)?.to_str().ok().map(str::to_owned)
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
