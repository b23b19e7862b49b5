//! Points in time, in whole seconds since 1970-01-01T00:00:00Z, as every OAuth document writes them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A `NumericDate` of RFC 7519 section 2, in whole seconds; of one that is read a fraction is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From seconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Later by `span`; part of a second counts as a whole one, and the end of time stays the end of time.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(whole_seconds(span)))
    }

    /// Earlier by `span`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(whole_seconds(span)))
    }

    /// Seconds from `earlier` to this, negative if it is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Timestamp {
    /// As RFC 3339 writes it, in UTC; none beyond the years that it can write.
    ///
    /// ```
    /// # use grantway_core::time::Timestamp;
    /// assert_eq!(Timestamp::from_unix(0).to_rfc3339().as_deref(), Some("1970-01-01T00:00:00Z"));
    /// assert_eq!(Timestamp::from_rfc3339("1970-01-01T01:00:00+01:00"), Some(Timestamp::from_unix(0)));
    /// assert_eq!(Timestamp::from_rfc3339("tomorrow"), None);
    /// ```
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        OffsetDateTime::from_unix_timestamp(self.0).ok()?.format(&Rfc3339).ok()
    }

    /// From RFC 3339, of any zone; parts of a second are left out.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|time| Self(time.unix_timestamp()))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is beyond the end of time is the end of time"
        )]
        let whole = || number.as_f64().map(|seconds| seconds.floor() as i64);
        let seconds = number.as_i64().or_else(whole);
        seconds.map(Self).ok_or_else(|| serde::de::Error::custom("a time is a number of seconds"))
    }
}

fn whole_seconds(span: Duration) -> i64 {
    let rounded = span.as_secs().saturating_add(u64::from(span.subsec_nanos() > 0));
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_second_counts_as_a_whole_one() {
        assert_eq!(Timestamp::from_unix(10).plus(Duration::from_millis(1)).unix(), 11);
        assert_eq!(Timestamp::from_unix(10).minus(Duration::from_secs(3)).unix(), 7);
    }

    #[test]
    fn of_a_time_with_a_fraction_the_whole_seconds_are_read() {
        for (text, seconds) in
            [("10", Some(10)), ("10.9", Some(10)), ("-1.5", Some(-2)), ("\"10\"", None), ("null", None)]
        {
            let read = serde_json::from_str::<Timestamp>(text).ok().map(Timestamp::unix);
            assert_eq!(read, seconds, "{text}");
        }
    }

    #[test]
    fn the_end_of_time_does_not_wrap() {
        assert_eq!(Timestamp::from_unix(i64::MAX).plus(Duration::MAX).unix(), i64::MAX);
    }
}
