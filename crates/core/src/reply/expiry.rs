//! When a token ends, however the provider says so.

use std::time::Duration;

use crate::jws::unverified_claims;
use crate::time::Timestamp;
use serde_json::Value;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::{ExpiryUnit, ReplyPolicy, Tolerance, Unreadable};

/// What is said of a token's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    At(Timestamp),
    /// At once, or never.
    Zero,
    Never,
    /// Nothing that can be understood.
    Unreadable,
}

/// The end of a token that was given `now`, as `value` has it.
pub(super) fn read(
    policy: &ReplyPolicy,
    value: &Value,
    (access_token, now): (&str, Timestamp),
    tolerances: &mut Vec<Tolerance>,
) -> Result<Expiry, Unreadable> {
    if let Some(end) = iso_of(value) {
        policy.tolerate(Tolerance::ExpiryIso, tolerances)?;
        return Ok(Expiry::At(end));
    }
    if value.is_string() {
        policy.tolerate(Tolerance::ExpiryString, tolerances)?;
    }
    let number = number_of(value);
    let Some(number) = number else {
        policy.tolerate(Tolerance::ExpiryUnreadable, tolerances)?;
        return Ok(Expiry::Unreadable);
    };
    if number == 0.0 {
        return Ok(if policy.zero_means_never() { Expiry::Never } else { Expiry::Zero });
    }
    if number.fract() != 0.0 || value.is_f64() {
        policy.tolerate(Tolerance::ExpiryFloat, tolerances)?;
    }
    let span =
        |milliseconds: f64| Expiry::At(now.plus(Duration::from_secs_f64((milliseconds / 1000.0).max(0.0))));
    let milliseconds = number * f64::from(policy.unit().milliseconds());
    if milliseconds < TEN_YEARS_MS {
        if policy.unit() == ExpiryUnit::Seconds && is_in_milliseconds(access_token, number, now) {
            policy.tolerate(Tolerance::ExpiryMilliseconds, tolerances)?;
            return Ok(span(number));
        }
        if policy.unit() == ExpiryUnit::Milliseconds {
            tolerances.push(Tolerance::ExpiryMilliseconds);
        }
        return Ok(span(milliseconds));
    }
    policy.tolerate(Tolerance::ExpiryAbsolute, tolerances)?;
    Ok(Expiry::At(absolute(number)))
}

/// What a provider says of a token's end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// A time.
    At(Timestamp),
    /// So many milliseconds after the token was given; negative if it was over before.
    After(f64),
}

impl End {
    /// Of a number or a text that counts `unit`: more than ten years are a time, in seconds or milliseconds as its size
    /// tells, and so is a text of ISO 8601. None if it says nothing of the kind. What is odd about it is told.
    #[must_use]
    pub fn read(value: &Value, unit: ExpiryUnit, tolerances: &mut Vec<Tolerance>) -> Option<Self> {
        if let Some(time) = iso_of(value) {
            tolerances.push(Tolerance::ExpiryIso);
            return Some(Self::At(time));
        }
        let Some(number) = number_of(value) else {
            tolerances.push(Tolerance::ExpiryUnreadable);
            return None;
        };
        let odd = [
            (value.is_string(), Tolerance::ExpiryString),
            (number.fract() != 0.0 || value.is_f64(), Tolerance::ExpiryFloat),
        ];
        tolerances.extend(odd.into_iter().filter_map(|(is, odd)| is.then_some(odd)));
        let milliseconds = number * f64::from(unit.milliseconds());
        if milliseconds >= TEN_YEARS_MS {
            tolerances.push(Tolerance::ExpiryAbsolute);
            return Some(Self::At(absolute(number)));
        }
        if unit == ExpiryUnit::Milliseconds {
            tolerances.push(Tolerance::ExpiryMilliseconds);
        }
        Some(Self::After(milliseconds))
    }

    /// The end that a token names itself, if it is a JWT. It is a hint and nothing more: nobody looks at its signature.
    #[must_use]
    pub fn of_token(access_token: &str) -> Option<Timestamp> {
        of_token(access_token)
    }
}

/// A time; one that names no offset is in UTC, and a date is its first moment there.
fn iso_of(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?.trim();
    // ISO 8601 has forms without anything between the digits, and nobody can tell those from a number.
    if text.parse::<f64>().is_ok() {
        return None;
    }
    // RFC 3339 section 5.6 lets a blank stand for the T.
    let text = &text.replacen(' ', "T", 1);
    let time = OffsetDateTime::parse(text, &Iso8601::DEFAULT).ok();
    let time = time.or_else(|| {
        PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).ok().map(PrimitiveDateTime::assume_utc)
    });
    let time = time.or_else(|| Some(Date::parse(text, &Iso8601::DEFAULT).ok()?.midnight().assume_utc()))?;
    Some(Timestamp::from_unix(time.unix_timestamp()))
}

fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number: &f64| number.is_finite())
}

fn absolute(number: f64) -> Timestamp {
    // No time in seconds reaches this for some three thousand years.
    let seconds = if number >= FIRST_IN_MILLISECONDS { (number / 1000.0).ceil() } else { number.ceil() };
    #[expect(clippy::cast_possible_truncation, reason = "what is beyond the end of time is the end of time")]
    Timestamp::from_unix(seconds as i64)
}

/// The end that a token names itself, if it is a JWT. It is a hint and nothing more: nobody looks at its signature.
pub(super) fn of_token(access_token: &str) -> Option<Timestamp> {
    unverified_claims(access_token).ok()?.get("exp")?.as_i64().map(Timestamp::from_unix)
}

/// Does the token itself say that this number counts milliseconds?
fn is_in_milliseconds(access_token: &str, number: f64, now: Timestamp) -> bool {
    of_token(access_token).is_some_and(|end| {
        let life = Duration::from_secs(u64::try_from(end.seconds_since(now)).unwrap_or(0)).as_secs_f64();
        life > 0.0 && (number / 1000.0 - life).abs() <= CLOCKS_APART.min(life / 2.0)
    })
}

const TEN_YEARS_MS: f64 = 10.0 * 366.0 * 24.0 * 3600.0 * 1000.0;
const FIRST_IN_MILLISECONDS: f64 = 1e11;
const CLOCKS_APART: f64 = 120.0;
