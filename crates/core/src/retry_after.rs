//! When a server wants to be asked again.

use std::time::{Duration, UNIX_EPOCH};

use crate::time::Timestamp;
use http::HeaderMap;
use http::header::RETRY_AFTER;

/// The `Retry-After` header (RFC 9110 section 10.2.3), seconds or a date; a day at most, so that no server locks us out
/// for ever.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let at = if let Ok(seconds) = said.parse::<u64>() {
        now.plus(Duration::from_secs(seconds.min(LONGEST.as_secs())))
    } else {
        let date = httpdate::parse_http_date(said).ok()?.duration_since(UNIX_EPOCH).ok()?;
        Timestamp::from_unix(i64::try_from(date.as_secs()).ok()?)
    };
    Some(at.clamp(now, now.plus(LONGEST)))
}

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_nothing_locks_us_out() {
        let now = Timestamp::from_unix(784_111_770);
        for (said, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("99999999999999", Some(86_400)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, said.parse().unwrap())]);
            let at = retry_after(&headers, now);
            assert_eq!(at.map(|at| at.seconds_since(now)), seconds, "{said}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
