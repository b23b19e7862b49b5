use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A PostgreSQL that one test has for itself, to do to it what one must not do to a shared one.
#[derive(Debug)]
pub struct Cluster {
    process: Child,
    told: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
    url: String,
}

impl Cluster {
    /// Starts one.
    ///
    /// # Panics
    /// If there is none: `cargo xtask test` says where the program lies that brings it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "xtask says in the environment where it lies itself")]
    pub fn start() -> Self {
        let xtask = env::var("GRANTWAY_XTASK").expect("GRANTWAY_XTASK is set by `cargo xtask test`");
        let mut command = Command::new(xtask);
        command.arg("postgres").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("it can be run");
        let (told, says) = (process.stdin.take(), process.stdout.take());
        let mut says = BufReader::new(says.expect("it was started with a pipe"));
        let url = line(&mut says);
        assert!(url.starts_with("postgres://"), "it says {url:?}");
        Self { process, told, says, url }
    }

    /// Where it is, also after a restart.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Crashes it and waits until it is back.
    ///
    /// # Panics
    /// If it does not come back.
    pub fn restart(&mut self) {
        let told = self.told.as_mut().expect("it stands until it is dropped");
        writeln!(told, "restart").expect("it listens");
        assert_eq!(line(&mut self.says), "restarted");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is the end of it.
        drop(self.told.take());
        let _ = self.process.wait();
    }
}

fn line(says: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    says.read_line(&mut line).expect("it says something");
    line.trim_end().to_owned()
}
