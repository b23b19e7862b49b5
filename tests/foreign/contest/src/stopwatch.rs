//! The processor time of one operation.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

/// Repeats it for about that long, and says in JSON what one cost: the median of batches, in microseconds.
pub(crate) fn take(time: Duration, mut operation: impl FnMut()) -> String {
    let share = time / (BATCHES + 1);
    let mut batch = 0_u32;
    // To warm up, and to learn how many are a batch.
    let start = spent();
    while spent().saturating_sub(start) < share {
        operation();
        batch += 1;
    }
    let mut batches: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let start = spent();
            (0..batch).for_each(|_| operation());
            spent().saturating_sub(start).as_secs_f64() * 1e6 / f64::from(batch)
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    json!({"micros": batches[batches.len() / 2], "iterations": batch * BATCHES}).to_string()
}

/// What this process has taken of a processor, which neighbours disturb least.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("time is not negative")
}

const BATCHES: u32 = 9;
