//! `grantway serve` as a process of its own, with a data directory of its own; and other servers like it.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use url::Url;

use super::told_by_xtask;

/// A running server; gone when dropped.
pub(crate) struct Served {
    issuer: String,
    // Before the folder, so that the process has ended when the folder goes.
    process: Process,
    folder: TempDir,
}

impl Served {
    /// Starts it on a free port and returns once it says that it listens.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With a configuration.
    pub(crate) fn configured(configuration: &str) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        fs::write(file.path(), configuration).expect("the temporary file is ours");
        Self::with(&["--config", file.path().to_str().expect("a path in UTF-8")])
    }

    /// With more on the command line.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut serve = serve(folder.path());
        serve.args(arguments);
        let served = Self::of(serve, folder);
        let ready = status_of(&served.issuer, "/readyz");
        assert!(
            ready.as_ref().is_ok_and(|status| status.starts_with("HTTP/1.1 200 ")),
            "listening but not ready: {ready:?}\n{}",
            served.said()
        );
        served
    }

    /// Another program that says where it listens, as ours does.
    pub(crate) fn other(program: Command) -> Self {
        Self::of(program, tempfile::tempdir().expect("a temporary folder can be made"))
    }

    fn of(mut program: Command, folder: TempDir) -> Self {
        let log = File::create(folder.path().join(LOG)).expect("the temporary folder is ours");
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut process = Process(program.spawn().expect("the program is there"));
        let first = first_line(process.0.stdout.take().expect("it was started with a pipe"));
        let issuer = first.as_deref().and_then(|line| line.strip_prefix("listening on "));
        let Some(issuer) = issuer.map(str::to_owned) else {
            panic!("first came {first:?}, not `listening on URL`\n{}", log_in(folder.path()));
        };
        Self { issuer, process, folder }
    }

    /// The URL just as the server says it.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn bootstrap(&self) -> PathBuf {
        self.folder.path().join(DATA).join("bootstrap.json")
    }

    /// The number of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Its log so far.
    pub(crate) fn said(&self) -> String {
        log_in(self.folder.path())
    }
}

/// The command line, in a folder and an environment where nobody's settings take part.
fn serve(folder: &Path) -> Command {
    let mut serve = Command::new(told_by_xtask("GRANTWAY_BIN"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join(DATA)).current_dir(folder);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRANTWAY_")) {
        serve.env_remove(name);
    }
    serve
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first line, unless it does not come; the rest is read so that the server never blocks on it.
fn first_line(stdout: ChildStdout) -> Option<String> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens after the first.
            let _ = tell.send(line);
        }
    });
    told.recv_timeout(PATIENCE).ok()
}

fn status_of(issuer: &str, path: &str) -> io::Result<String> {
    let issuer = Url::parse(issuer).map_err(io::Error::other)?;
    let authority = issuer.authority();
    let mut connection = TcpStream::connect(authority)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

fn log_in(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join(LOG)).unwrap_or_else(|error| error.to_string());
    format!("server:\n{log}")
}

const DATA: &str = "data";
const LOG: &str = "stderr.log";
const PATIENCE: Duration = Duration::from_mins(1);
