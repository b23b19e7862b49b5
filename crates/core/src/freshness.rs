//! When a token is renewed before it ends.

use std::time::Duration;

use crate::time::Timestamp;

/// So long before its end a token is renewed: a tenth of its life, and a minute at most, so that no caller waits at
/// the end and no provider is asked much more often than it meant.
///
/// ```
/// # use std::time::Duration;
/// # use grantway_core::freshness::early_margin;
/// assert_eq!(early_margin(Duration::from_secs(3600)), Duration::from_secs(60));
/// assert_eq!(early_margin(Duration::from_secs(100)), Duration::from_secs(10));
/// ```
#[must_use]
pub fn early_margin(life: Duration) -> Duration {
    (life / 10).min(LONGEST_MARGIN)
}

/// When a token that lives from `issued_at` to `expires_at` is renewed: [`early_margin`] before its end, and by up to
/// half of that again earlier, as `drawn` says, so that many who were given a token together do not all come
/// back together.
#[must_use]
pub fn renewed_at(issued_at: Timestamp, expires_at: Timestamp, drawn: u8) -> Timestamp {
    let life = Duration::from_secs(u64::try_from(expires_at.seconds_since(issued_at)).unwrap_or(0));
    let margin = early_margin(life);
    let jitter = margin.mul_f64(f64::from(drawn) / f64::from(u8::MAX) / 2.0);
    expires_at.minus(margin + jitter)
}

const LONGEST_MARGIN: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_a_little_before_its_end_and_not_by_all_at_once() {
        let at = Timestamp::from_unix;
        for (life, drawn, renewed) in
            [(3600, 0, 3540), (3600, 255, 3510), (100, 0, 90), (100, 255, 85), (0, 255, 0), (-5, 9, -5)]
        {
            assert_eq!(renewed_at(at(0), at(life), drawn), at(renewed), "{life} {drawn}");
        }
    }
}
