//! strace, which shows whether what is answered was on the disk before.

use crate::test::debian;
use crate::test::need::{Met, version};

pub(super) fn meet() -> Result<Met, String> {
    let is_there = || version("strace", OLDEST).is_some();
    if is_there() || (debian::install("strace").is_ok() && is_there()) {
        return Ok(Met::default());
    }
    let (major, minor) = OLDEST;
    Err(format!("strace {major}.{minor} or newer as `strace`: install it (it is there for Linux only)"))
}

/// Knows `inject`.
const OLDEST: (u32, u32) = (5, 0);
