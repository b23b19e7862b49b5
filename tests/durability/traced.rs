use std::fs;
use std::path::Path;
use std::process::Command;

use grantway_tests::Front;
use http::Method;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::trace::Trace;
use crate::program::serving::Serving;
use crate::program::{declared_with, grantway};

/// The program as it is, under strace.
pub(super) struct Traced {
    pub(super) front: Front,
    serving: Option<Serving>,
    server: Pid,
    folder: TempDir,
}

impl Traced {
    /// With more options of strace, and more tables in its configuration.
    pub(super) fn start(more: &[&str], tables: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let config = declared_with(folder.path(), "", tables);
        let program = grantway(folder.path());
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-y", "-xx", "-s", "8192", "--signal=none", "-e"]);
        strace.arg(
            "trace=fsync,fdatasync,pwrite64,write,writev,sendto,read,readv,recvfrom,linkat,mkdir,mkdirat",
        );
        strace.args(more).arg("-o").arg(folder.path().join(TRACE)).arg("--").arg(program.get_program());
        strace.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config);
        strace.current_dir(folder.path()).stdout(std::process::Stdio::piped());
        for (name, _) in program.get_envs().filter(|(_, value)| value.is_none()) {
            strace.env_remove(name);
        }
        let serving = Serving::of(&mut strace);
        let server = child_of(serving.id());
        let front = Front::at(vec![serving.address()]);
        Self { front, serving: Some(serving), server, folder }
    }

    /// Leaves a word in the trace.
    pub(super) async fn mark(&self, word: &str) {
        self.front.fetch(Method::GET, &format!("/healthz?{word}")).await;
    }

    /// The directory in which it makes its own.
    pub(super) fn folder(&self) -> String {
        self.folder.path().canonicalize().unwrap().to_str().unwrap().to_owned()
    }

    /// Ends it politely, and reads what strace wrote once that has ended too.
    pub(super) fn trace(mut self) -> Trace {
        kill_process(self.server, Signal::TERM).unwrap();
        self.serving.take().unwrap().ended();
        Trace::parse(&fs::read_to_string(self.folder.path().join(TRACE)).unwrap())
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        if self.serving.is_some() {
            // Before strace, which would only let go of it.
            let _ = kill_process(self.server, Signal::KILL);
        }
    }
}

fn child_of(process: u32) -> Pid {
    let children = Path::new("/proc").join(format!("{process}/task/{process}/children"));
    let child = fs::read_to_string(children).unwrap();
    Pid::from_raw(child.trim().parse().unwrap()).unwrap()
}

const TRACE: &str = "trace";
