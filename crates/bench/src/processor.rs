//! Which processor serves and which one drives, so that neither takes the other's time.

use std::fmt::{self, Display};

/// Two processors, or the reason why there are none.
#[derive(Clone, Debug)]
pub(crate) enum Processors {
    Apart { server: usize, driver: usize },
    Shared { why: &'static str },
}

impl Processors {
    #[cfg(target_os = "linux")]
    pub(crate) fn choose() -> Self {
        use rustix::thread::{CpuSet, sched_getaffinity};
        let Ok(ours) = sched_getaffinity(None) else {
            return Self::Shared { why: "the system does not say which processors are ours" };
        };
        let mut mine = (0..CpuSet::MAX_CPU).filter(|cpu| ours.is_set(*cpu));
        // Interrupts tend to arrive at the first: that one drives.
        match (mine.next(), mine.next_back()) {
            (Some(driver), Some(server)) => Self::Apart { server, driver },
            _ => Self::Shared { why: "there is only one processor" },
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) const fn choose() -> Self {
        Self::Shared { why: "this system lets nobody choose a processor" }
    }

    /// Where this thread runs from now on, and what it starts.
    pub(crate) fn serve_from_here(&self) {
        if let Self::Apart { server, .. } = self {
            settle(*server);
        }
    }

    /// Back to the driver's place.
    pub(crate) fn drive_from_here(&self) {
        if let Self::Apart { driver, .. } = self {
            settle(*driver);
        }
    }
}

#[cfg(target_os = "linux")]
fn settle(cpu: usize) {
    let mut only = rustix::thread::CpuSet::new();
    only.set(cpu);
    // It was among ours a moment ago; if it is gone, the figures are noisier and still true.
    let _ = rustix::thread::sched_setaffinity(None, &only);
}

#[cfg(not(target_os = "linux"))]
fn settle(_cpu: usize) {}

impl Display for Processors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apart { server, driver } => {
                write!(f, "server on processor {server}, driver on processor {driver}")
            }
            Self::Shared { why } => write!(f, "server and driver share processors: {why}"),
        }
    }
}
