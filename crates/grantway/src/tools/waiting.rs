//! Waiting for a person, with the time that is left on a terminal.

use std::time::Duration;

use grantway_core::time::Timestamp;

use super::moment;
use crate::say;

/// Waits for what is wanted, and says on a terminal for how long it will.
pub(crate) async fn counting_down<T>(until: Timestamp, wanted: impl Future<Output = T>) -> T {
    let mut wanted = std::pin::pin!(wanted);
    loop {
        let left = until.seconds_since(moment::now());
        say::progress(&format!("waiting, {} left", moment::span(u64::try_from(left).unwrap_or(0))));
        tokio::select! {
            done = &mut wanted => {
                say::progress("");
                return done;
            }
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
