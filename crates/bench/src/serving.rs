//! A server under measurement: started on its processor, asked what it used, and ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::http::Wrong;
use crate::processor::Processors;

/// A process that serves; it ends with this value.
#[derive(Debug)]
pub(crate) struct Serving {
    child: Child,
    /// Where it said that it listens.
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// Starts it and waits for the line `listening on http://ADDRESS`.
    pub(crate) fn start(mut command: Command, processors: &Processors) -> Result<Self, Wrong> {
        let name = Path::new(command.get_program()).display().to_string();
        let at_start = |error: &dyn std::fmt::Display| Wrong::new(format_args!("{name}: {error}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        processors.serve_from_here();
        let child = command.spawn();
        processors.drive_from_here();
        let mut child = child.map_err(|error| at_start(&error))?;
        let output = child.stdout.take().expect("the child was started with a pipe");
        let (said, heard) = mpsc::channel();
        std::thread::spawn(move || {
            // Read to its end, or the server would wait for a reader one day.
            BufReader::new(output).lines().map_while(Result::ok).for_each(|line| {
                if let Some(url) = line.strip_prefix("listening on http://") {
                    let _ = said.send(url.trim_end_matches('/').to_owned());
                }
            });
        });
        let mut serving = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let address = heard.recv_timeout(START).map_err(|_| at_start(&"it did not say where it listens"))?;
        serving.address = address.parse().map_err(|error| at_start(&error))?;
        Ok(serving)
    }

    /// Ends it. What it answered is durable, so it need not be asked first.
    pub(crate) fn end(&mut self) -> Result<(), Wrong> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Processor time since it started.
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        processor_time(self.child.id())
    }

    /// The most memory it ever held, in KiB.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(proc(self.child.id(), "status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.end();
    }
}

/// What a process used since it started, in its own code and in the kernel on its behalf.
///
/// `None` where the system has no `/proc`.
pub(crate) fn processor_time(process: u32) -> Option<Duration> {
    let stat = fs::read_to_string(proc(process, "stat")).ok()?;
    let a_second = rustix::param::clock_ticks_per_second();
    Some(Duration::from_nanos(ticks_in(&stat)?.saturating_mul(1_000_000_000 / a_second)))
}

fn proc(process: u32, file: &str) -> PathBuf {
    Path::new("/proc").join(process.to_string()).join(file)
}

/// `utime` and `stime` of `proc_pid_stat(5)`, the 14th and 15th field; the second may hold anything.
fn ticks_in(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

const START: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_are_found_whatever_the_program_is_called() {
        for name in ["server", "a) R (b", "x y"] {
            let stat = format!("42 ({name}) S 1 2 3 0 -1 4194560 10 0 0 0 700 30 0 0 20 0 1 0");
            assert_eq!(ticks_in(&stat), Some(730), "{name}");
        }
    }
}
