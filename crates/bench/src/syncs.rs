//! How often a server asks the disk to sync, as strace sees it.
//!
//! Tracing slows a server down, so this is done apart from every other figure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::http::Wrong;

/// Where strace writes a line for each sync.
#[derive(Debug)]
pub(crate) struct Traced {
    lines: PathBuf,
}

impl Traced {
    pub(crate) fn to(folder: &Path) -> Self {
        Self { lines: folder.join("syncs") }
    }

    /// The same command under strace, which stays beside it: the process is the server's own.
    pub(crate) fn command(&self, traced: &Command) -> Result<Command, Wrong> {
        let asked = Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !asked.is_ok_and(|status| status.success()) {
            return Err(Wrong::new("strace is not installed"));
        }
        let mut strace = Command::new("strace");
        strace.args(["-D", "-f", "-qq", "--signal=none", "-e", "trace=fsync,fdatasync", "-o"]);
        strace.arg(&self.lines).arg("--").arg(traced.get_program()).args(traced.get_args());
        Ok(strace)
    }

    /// How many there were until now.
    pub(crate) fn count(&self) -> Result<u32, Wrong> {
        // The last lines may still be on their way.
        sleep(Duration::from_millis(100));
        let lines = fs::read_to_string(&self.lines)?;
        // A call that others interrupt has a second line, which names it without its parenthesis.
        let calls = lines.lines().filter(|line| line.contains("sync(")).count();
        Ok(u32::try_from(calls)?)
    }
}
