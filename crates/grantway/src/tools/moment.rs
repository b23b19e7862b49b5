//! Points in time, for people.

use grantway_core::seam::{Clock, SystemClock};
use grantway_core::time::Timestamp;

/// By the clock of this machine.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// `2026-11-25T16:01:05Z`; the number itself where no calendar has it.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    time.to_rfc3339().unwrap_or_else(|| time.unix().to_string())
}

/// `2026-11-25 16:01:05 UTC, in 59 minutes`.
pub(crate) fn humane(time: Timestamp, now: Timestamp) -> String {
    let written = rfc3339(time).replace('T', " ").replace('Z', " UTC");
    format!("{written}, {}", relative(time, now))
}

/// `in 59 minutes`, `3 days ago`, `now`.
pub(crate) fn relative(time: Timestamp, now: Timestamp) -> String {
    let seconds = time.seconds_since(now);
    let span = span(seconds.unsigned_abs());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {span}"),
        ..0 => format!("{span} ago"),
    }
}

/// In the two largest units that say enough.
pub(crate) fn span(seconds: u64) -> String {
    let units = [(60 * 60 * 24, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];
    let largest = units.iter().position(|(long, _)| seconds >= *long).unwrap_or(units.len() - 1);
    let (long, name) = units[largest];
    let first = counted(seconds / long, name);
    // Nobody wants to know the seconds of a day, nor the minutes of a week.
    let rest = units.get(largest + 1).map(|(next, name)| (seconds % long / next, *name));
    match rest {
        Some((more, name)) if more > 0 && seconds / long < 10 => format!("{first} {}", counted(more, name)),
        _ => first,
    }
}

fn counted(number: u64, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_people_tell_it() {
        let now = Timestamp::from_unix(1_795_564_865);
        for (seconds, told) in [
            (0, "now"),
            (1, "in 1 second"),
            (59, "in 59 seconds"),
            (300, "in 5 minutes"),
            (301, "in 5 minutes 1 second"),
            (3541, "in 59 minutes"),
            (7260, "in 2 hours 1 minute"),
            (-90000, "1 day 1 hour ago"),
            (-86400 * 40 - 3600, "40 days ago"),
        ] {
            assert_eq!(relative(Timestamp::from_unix(now.unix() + seconds), now), told);
        }
        assert_eq!(humane(now, now), "2026-11-25 00:01:05 UTC, now");
        assert_eq!(rfc3339(Timestamp::from_unix(i64::MAX)), i64::MAX.to_string(), "no calendar has it");
    }
}
