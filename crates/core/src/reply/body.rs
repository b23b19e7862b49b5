//! The body of a reply, whatever it is written as.

use std::borrow::Cow;
use std::fmt;
use std::mem;

use crate::http::Form;
use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::policy::OFTEN_AT;
use super::{Member, ReplyPolicy, Tolerance, Unreadable};

/// The members of a reply that have not been read yet, as they came. There are few of them and few are looked for, so
/// hashing every name would cost more than looking through all.
#[derive(Clone, Debug)]
pub(super) struct Body {
    members: Vec<(String, Value)>,
    /// Where the access token lay, if not at the top: what goes with it lies beside it. At the top there may be the
    /// tokens of somebody else, such as those of a bot.
    beside: Option<String>,
}

/// Where a member was found.
#[derive(Debug)]
pub(super) struct Place<'a> {
    named: Cow<'a, str>,
    at_the_top: bool,
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
        let why = match serde_json::from_slice::<Self>(text) {
            Ok(body) => {
                let content_type = content_type(answer);
                if !content_type.is_some_and(is_json) && answer.status().is_success() {
                    let found = content_type.map(str::to_owned);
                    policy.tolerate(Tolerance::ContentTypeOdd { found }, tolerances)?;
                }
                return Ok(body);
            }
            Err(why) => why,
        };
        let why = match serde_json::from_slice::<Value>(text) {
            Ok(Value::Object(_)) => why,
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
                    Ok(Self { members, beside: None })
                }
                None => Err(Unreadable::NotJson(why.to_string())),
            },
        }
    }

    /// A member at the top. Of one that stands twice, the last counts.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Takes a member out, from wherever the policy finds it; `null` counts as absent.
    pub(super) fn take<'p>(
        &mut self,
        policy: &'p ReplyPolicy,
        member: Member,
        tolerances: &mut Vec<Tolerance>,
    ) -> Option<(Place<'p>, Value)> {
        let (place, value) = self.find(policy, member)?;
        tolerances.extend(place.oddity(member));
        if member == Member::AccessToken && !place.at_the_top {
            let above = place.named.rsplit_once('/').map_or("", |(above, _)| above);
            self.beside = Some(above.to_owned()).filter(|above| !above.is_empty());
        }
        Some((place, value))
    }

    fn find<'p>(&mut self, policy: &'p ReplyPolicy, member: Member) -> Option<(Place<'p>, Value)> {
        let mut somewhere = false;
        for place in policy.named_places(member) {
            somewhere = true;
            if let Some(found) = self.at(place.into()) {
                return Some(found);
            }
        }
        // Whoever says where the token lies does not want another.
        if member == Member::AccessToken && somewhere {
            return None;
        }
        if let Some(above) = &self.beside {
            let found = self.at(format!("{above}/{}", member.as_str()).into());
            if found.is_some() || member != Member::TokenType {
                return found;
            }
        }
        if let Some(found) = self.at(member.as_str().into()) {
            return Some(found);
        }
        let elsewhere = OFTEN_AT.iter().filter(|(own, _)| *own == member && !policy.is_strict());
        elsewhere.map(|(_, place)| *place).find_map(|place| self.at(place.into()))
    }

    /// What is left.
    pub(super) fn into_members(self) -> Map<String, Value> {
        self.members.into_iter().collect()
    }

    /// What a name or a pointer leads to. A name at the top is taken out; what lies deeper stays where it is.
    fn at<'p>(&mut self, named: Cow<'p, str>) -> Option<(Place<'p>, Value)> {
        let present = |value: &Value| !value.is_null() && value.as_str() != Some("");
        if self.get(&named).is_some_and(present) {
            let value = self.remove(&named)?;
            return Some((Place { named, at_the_top: true }, value));
        }
        let found = pointed(&named, |name| self.get(name)).filter(|value| present(value)).cloned()?;
        Some((Place { named, at_the_top: false }, found))
    }

    fn remove(&mut self, name: &str) -> Option<Value> {
        let mut removed = None;
        self.members.retain_mut(|(own, value)| {
            let other = own != name;
            if !other {
                removed = Some(mem::take(value));
            }
            other
        });
        removed
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Body;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
                let mut members = Vec::with_capacity(USUAL_MEMBERS);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Body { members, beside: None })
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Place<'_> {
    /// As a JSON Pointer.
    pub(super) fn path(&self) -> String {
        if self.at_the_top { format!("/{}", escaped(&self.named)) } else { self.named.clone().into_owned() }
    }

    /// Does it stay where it is, and would be found again?
    pub(super) const fn is_below(&self) -> bool {
        !self.at_the_top
    }

    /// What is odd about a member that lies there, if anything is.
    fn oddity(&self, member: Member) -> Option<Tolerance> {
        if self.named == member.as_str() {
            return None;
        }
        let found = self.named.clone().into_owned();
        Some(if self.at_the_top {
            Tolerance::RenamedMember { member, found }
        } else {
            Tolerance::NestedMember { member, found }
        })
    }
}

/// As one step of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What a JSON Pointer (RFC 6901) leads to, from members by their names.
pub fn pointed<'a>(pointer: &str, member: impl FnOnce(&str) -> Option<&'a Value>) -> Option<&'a Value> {
    let steps = pointer.strip_prefix('/')?;
    let (first, rest) = steps.split_at(steps.find('/').unwrap_or(steps.len()));
    member(&unescaped(first))?.pointer(rest)
}

fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

/// A form with at least one parameter that a token endpoint would send: any text is a form of a sort.
fn form(text: &[u8]) -> Option<Vec<(String, Value)>> {
    let form = Form::parse(text).ok()?;
    let known = |name: &str| matches!(name, "access_token" | "error" | "oauth_token" | "refresh_token");
    form.pairs().any(|(name, _)| known(name)).then_some(())?;
    Some(form.pairs().map(|(name, value)| (name.to_owned(), Value::from(value))).collect())
}

fn content_type(answer: &Response<Bytes>) -> Option<&str> {
    answer.headers().get(CONTENT_TYPE)?.to_str().ok()
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// As many as most replies have, so that they need not move.
const USUAL_MEMBERS: usize = 8;
