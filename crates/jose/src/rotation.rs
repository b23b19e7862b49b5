//! Whose turn it is: which key of an algorithm is next, active, retired or over, and when a new one is due.
//!
//! All of it follows from when keys become active, so processes that read the same keys agree without
//! talking. A key is published before it signs, for longer than a reader keeps a key set, and after it
//! signed, for longer than any token lives.

use std::cmp::Ordering;
use std::time::Duration;

use grantway_core::jwk::KEY_SET_MAX_AGE;
use grantway_core::seam::KeptKey;
use grantway_core::time::Timestamp;

/// How often keys change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// A key signs for that long, then the next does; absent: until somebody says otherwise.
    pub every: Option<Duration>,
}

impl Rotation {
    /// The shortest time that leaves room for publishing ahead.
    pub const SHORTEST: Duration = Duration::from_secs(60 * 60);
    /// No token may live longer: a retired key is published for so long.
    pub const LONGEST_TOKEN: Duration = PUBLISHED_AFTER;
    /// Ninety days.
    pub const USUAL: Self = Self { every: Some(Duration::from_secs(90 * 24 * 60 * 60)) };
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Published; will sign.
    Next,
    /// Signs.
    Active,
    /// Signed, and is published while what it signed may be about.
    Retired,
    /// Nothing it signed is good any more.
    Over,
}

impl Turn {
    /// One word for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Over => "over",
        }
    }
}

/// The turns of the keys of one algorithm, which come oldest generation first.
pub(crate) fn turns(keys: &[&KeptKey], now: Timestamp) -> Vec<Turn> {
    // A clock that is behind the first key of all would find none: somebody must sign.
    let active = keys.iter().rposition(|key| key.active_from <= now).unwrap_or(0);
    let turn = |place: usize| match place.cmp(&active) {
        Ordering::Greater => Turn::Next,
        Ordering::Equal => Turn::Active,
        // Whoever took over from it, perhaps the active one, perhaps one that is retired as well.
        Ordering::Less if now < keys[place + 1].active_from.plus(PUBLISHED_AFTER) => Turn::Retired,
        Ordering::Less => Turn::Over,
    };
    (0..keys.len()).map(turn).collect()
}

/// When the next key should become active, if one should be made now.
pub(crate) fn due(keys: &[&KeptKey], rotation: Rotation, now: Timestamp) -> Option<Timestamp> {
    let every = rotation.every?;
    let newest = keys.last()?;
    // As long again as most readers keep a key set in spite of what they are told, if there is time.
    let ahead = Duration::from_secs(24 * 60 * 60).min(every / 2).max(PUBLISHED_BEFORE);
    let turn = newest.active_from.plus(every);
    (now >= turn.minus(ahead)).then(|| turn.max(now.plus(PUBLISHED_BEFORE)))
}

/// A key is published for this long before it signs: a reader keeps a key set for the first part, other
/// processes read the keys within the second, and clocks differ by the rest.
pub(crate) const PUBLISHED_BEFORE: Duration = KEY_SET_MAX_AGE.saturating_add(Duration::from_secs(300));
/// And for this long after: no token lives longer.
pub(crate) const PUBLISHED_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use grantway_core::jws::JwsAlgorithm;

    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    /// Keys that become active on these days.
    fn keys(days: &[i64]) -> Vec<KeptKey> {
        let key = |(place, day): (usize, &i64)| KeptKey {
            algorithm: JwsAlgorithm::ES256,
            generation: i64::try_from(place).unwrap() + 1,
            kid: format!("key-{place}").parse().unwrap(),
            sealed: Vec::new(),
            created_at: Timestamp::from_unix(0),
            active_from: Timestamp::from_unix(day * DAY),
        };
        days.iter().enumerate().map(key).collect()
    }

    #[test]
    fn the_newest_whose_time_has_come_signs_and_those_before_it_stay_for_a_while() {
        use Turn::{Active, Next, Over, Retired};
        for (days, now, expected) in [
            (&[0][..], 0, &[Active][..]),
            (&[0], -1, &[Active]),
            (&[0, 10], 9, &[Active, Next]),
            (&[0, 10], 10, &[Retired, Active]),
            (&[0, 10], 39, &[Retired, Active]),
            (&[0, 10], 40, &[Over, Active]),
            (&[0, 10, 20], 39, &[Retired, Retired, Active]),
            (&[0, 10, 20], 40, &[Over, Retired, Active]),
            (&[0, 10, 20], 5, &[Active, Next, Next]),
            (&[5, 10], 1, &[Active, Next]),
        ] {
            let keys = keys(days);
            let keys: Vec<_> = keys.iter().collect();
            assert_eq!(turns(&keys, Timestamp::from_unix(now * DAY)), expected, "{days:?} on day {now}");
        }
    }

    #[test]
    fn a_key_is_made_a_day_ahead_and_never_signs_before_it_was_published() {
        let rotation = |days: u64| Rotation { every: Some(Duration::from_secs(days * 24 * 60 * 60)) };
        let soon = i64::try_from(PUBLISHED_BEFORE.as_secs()).unwrap();
        for (days, every, now, expected) in [
            (&[0][..], rotation(90), 88 * DAY, None),
            (&[0], rotation(90), 89 * DAY, Some(90 * DAY)),
            // Nobody was there to make it in time.
            (&[0], rotation(90), 200 * DAY, Some(200 * DAY + soon)),
            (&[0], rotation(90), 90 * DAY - 10, Some(90 * DAY - 10 + soon)),
            // One is made already.
            (&[0, 90], rotation(90), 89 * DAY, None),
            (&[0], Rotation { every: None }, 1000 * DAY, None),
            (&[0], Rotation { every: Some(Rotation::SHORTEST) }, 1799, None),
            (&[0], Rotation { every: Some(Rotation::SHORTEST) }, 1800, Some(3600)),
            (&[], rotation(90), 0, None),
        ] {
            let keys = keys(days);
            let keys: Vec<_> = keys.iter().collect();
            let due = due(&keys, every, Timestamp::from_unix(now)).map(Timestamp::unix);
            assert_eq!(due, expected, "{days:?} {every:?} at {now}");
        }
    }
}
