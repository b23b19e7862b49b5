//! When a token ends, however the provider says so.

use std::time::Duration;

use grantway_core::jws::unverified_claims;
use grantway_core::time::Timestamp;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

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
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim();
            if let Ok(time) = OffsetDateTime::parse(text, &Iso8601::DEFAULT) {
                policy.tolerate(Tolerance::ExpiryIso, tolerances)?;
                return Ok(Expiry::At(Timestamp::from_unix(time.unix_timestamp())));
            }
            policy.tolerate(Tolerance::ExpiryString, tolerances)?;
            text.parse::<f64>().ok()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let Some(number) = number.filter(|number| number.is_finite()) else {
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
    // No time in seconds reaches this for some three thousand years.
    let seconds = if number >= FIRST_IN_MILLISECONDS { (number / 1000.0).ceil() } else { number.ceil() };
    #[expect(clippy::cast_possible_truncation, reason = "what is beyond the end of time is the end of time")]
    Ok(Expiry::At(Timestamp::from_unix(seconds as i64)))
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
