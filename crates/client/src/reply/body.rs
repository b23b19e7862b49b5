//! The body of a reply, whatever it is written as.

use bytes::Bytes;
use grantway_core::http::Form;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::policy::OFTEN_AT;
use super::{Member, ReplyPolicy, Tolerance, Unreadable};

/// The members of a reply that have not been read yet.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) members: Map<String, Value>,
    /// Where the access token lay, if not at the top: what goes with it lies beside it. At the top there may be the
    /// tokens of somebody else, such as those of a bot.
    beside: Option<String>,
}

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
                return Ok(Self::of(members));
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
                    Ok(Self::of(members))
                }
                None => Err(Unreadable::NotJson(why.to_string())),
            },
        }
    }

    fn of(members: Map<String, Value>) -> Self {
        Self { members, beside: None }
    }

    /// Takes a member out, from wherever the policy finds it; `null` counts as absent. With the path, as a JSON
    /// Pointer.
    pub(super) fn take(
        &mut self,
        policy: &ReplyPolicy,
        member: Member,
        tolerances: &mut Vec<Tolerance>,
    ) -> Option<(String, Value)> {
        let (place, (path, value)) = self.find(policy, member)?;
        tolerances.extend(oddity(member, &place, &path));
        if member == Member::AccessToken {
            let above = path.rsplit_once('/').map_or("", |(above, _)| above);
            self.beside = Some(above.to_owned()).filter(|above| !above.is_empty());
        }
        Some((path, value))
    }

    /// A member, and the place by which it was found.
    fn find(&mut self, policy: &ReplyPolicy, member: Member) -> Option<(String, (String, Value))> {
        let named: Vec<String> = policy.named_places(member).map(str::to_owned).collect();
        if let Some(found) = named.iter().find_map(|place| Some((place.clone(), self.at(place)?))) {
            return Some(found);
        }
        // Whoever says where the token lies does not want another.
        if member == Member::AccessToken && !named.is_empty() {
            return None;
        }
        if let Some(above) = &self.beside {
            let place = format!("{above}/{}", member.as_str());
            let found = self.at(&place).map(|found| (place, found));
            if found.is_some() || member != Member::TokenType {
                return found;
            }
        }
        let own = member.as_str();
        if let Some(found) = self.at(own) {
            return Some((own.to_owned(), found));
        }
        let elsewhere = OFTEN_AT.iter().filter(|(own, _)| *own == member && !policy.is_strict());
        elsewhere.map(|(_, place)| *place).find_map(|place| Some((place.to_owned(), self.at(place)?)))
    }

    /// What a name or a pointer leads to. A name at the top is taken out; what lies deeper stays where it is.
    fn at(&mut self, place: &str) -> Option<(String, Value)> {
        let present = |value: &Value| !value.is_null() && value.as_str() != Some("");
        if self.members.get(place).is_some_and(present) {
            return Some((format!("/{}", escaped(place)), self.members.shift_remove(place)?));
        }
        let mut steps = place.strip_prefix('/')?.splitn(2, '/');
        let (first, rest) = (steps.next()?.replace("~1", "/").replace("~0", "~"), steps.next());
        let within = self.members.get(&first)?;
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
