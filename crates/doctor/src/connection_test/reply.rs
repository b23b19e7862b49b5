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
    /// What was odd about the body.
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
    /// No header could carry it.
    #[error("{what} field '{name}' contains characters that cannot be sent in a header")]
    Unsendable {
        /// Which of the two.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

pub(crate) fn read(
    settings: &ConnectionSettings,
    answer: &Response<Bytes>,
    now: Timestamp,
) -> Result<Tested, ReplyFault> {
    let names = &settings.field_mapping;
    let (members, tolerances) = ReplyPolicy::lenient().members(answer).map_err(ReplyFault::Body)?;
    let access_token = at(&members, &names.access_token).and_then(Value::as_str).unwrap_or_default();
    if access_token.is_empty() {
        return Err(ReplyFault::NoToken(names.access_token.clone()));
    }
    sendable(access_token, "access token", &names.access_token)?;
    let token_type = at(&members, &names.token_type).and_then(Value::as_str);
    let token_type = token_type.filter(|found| !found.is_empty()).unwrap_or("Bearer");
    sendable(token_type, "token type", &names.token_type)?;
    let end = at(&members, &names.expires_in).and_then(|value| End::read(value, settings.expiry_time_unit));
    Ok(Tested {
        access_token: Secret::new(access_token),
        token_type: token_type.to_owned(),
        expires_at: used_until(end, now),
        tolerances,
    })
}

fn at<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).or_else(|| pointed(name, |first| members.get(first)))
}

fn sendable(text: &str, what: &'static str, name: &str) -> Result<(), ReplyFault> {
    if text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        Ok(())
    } else {
        Err(ReplyFault::Unsendable { what, name: name.to_owned() })
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
