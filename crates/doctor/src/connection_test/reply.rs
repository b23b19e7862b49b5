//! The token in a reply, under the names that the settings give.

use std::time::Duration;

use bytes::Bytes;
use grantway_core::reply::{End, ReplyPolicy, Tolerance, Unreadable, pointed};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use http::Response;
use serde_json::{Map, Value};

use super::settings::ConnectionSettings;

/// A token that came.
#[derive(Clone, Debug)]
pub struct Tested {
    /// It.
    pub access_token: Secret,
    /// As the provider writes it; `Bearer` if it says nothing.
    pub token_type: String,
    /// So long it is used at most: an hour, if it lives longer or does not say how long.
    pub expires_at: Timestamp,
    /// What was odd about the body, the token, its type and its end, as they were read here.
    pub(crate) tolerances: Vec<Tolerance>,
}

/// Why there is none in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyFault {
    /// The body is no document of members.
    #[error("failed to decode token response: {0}")]
    Body(Unreadable),
    /// There is no token under its name, or something else.
    #[error("access token field '{0}' is missing or empty in response")]
    NoToken(String),
    /// No header could carry it, or its type; the name is that of the one that is meant.
    #[error("access token field '{0}' contains characters that cannot be sent in a header")]
    Unsendable(String),
}

pub(crate) fn read(
    settings: &ConnectionSettings,
    answer: &Response<Bytes>,
    now: Timestamp,
) -> Result<Tested, ReplyFault> {
    let names = &settings.field_mapping;
    let (members, mut tolerances) = ReplyPolicy::lenient().members(answer).map_err(ReplyFault::Body)?;
    let access_token = at(&members, &names.access_token).and_then(Value::as_str).unwrap_or_default();
    if access_token.is_empty() {
        return Err(ReplyFault::NoToken(names.access_token.clone()));
    }
    sendable(access_token, &names.access_token)?;
    let blanks = access_token.trim() != access_token;
    tolerances.extend(blanks.then_some(Tolerance::TokenBlanks));
    let token_type = at(&members, &names.token_type).and_then(Value::as_str);
    let token_type = token_type.filter(|found| !found.is_empty());
    sendable(token_type.unwrap_or_default(), &names.token_type)?;
    tolerances.extend(Tolerance::of_token_type(token_type));
    let expires_in = at(&members, &names.expires_in).filter(|value| !value.is_null());
    let end = expires_in.and_then(|value| End::read(value, settings.expiry_time_unit, &mut tolerances));
    if expires_in.is_none() {
        tolerances.extend(End::of_token(access_token).map(|_| Tolerance::ExpiryOfToken));
    }
    let expires_at = used_until(end, now);
    tolerances.extend((expires_at == now).then_some(Tolerance::ExpiryPast));
    Ok(Tested {
        access_token: Secret::new(access_token),
        token_type: token_type.unwrap_or("Bearer").to_owned(),
        expires_at,
        tolerances,
    })
}

/// What lies where the settings say that the token is, sendable or not.
pub(crate) fn named(settings: &ConnectionSettings, answer: &Response<Bytes>) -> Option<Secret> {
    let (members, _) = ReplyPolicy::lenient().members(answer).ok()?;
    at(&members, &settings.field_mapping.access_token).and_then(Value::as_str).map(Secret::new)
}

fn at<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).or_else(|| pointed(name, |first| members.get(first)))
}

fn sendable(text: &str, name: &str) -> Result<(), ReplyFault> {
    if text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        Ok(())
    } else {
        Err(ReplyFault::Unsendable(name.to_owned()))
    }
}

fn used_until(end: Option<End>, now: Timestamp) -> Timestamp {
    let latest = now.plus(LONGEST);
    let end = match end {
        None => latest,
        Some(End::At(end)) => end,
        Some(End::After(milliseconds)) => now.plus(Duration::from_secs_f64((milliseconds / 1000.0).max(0.0))),
    };
    end.clamp(now, latest)
}

const LONGEST: Duration = Duration::from_secs(3600);
