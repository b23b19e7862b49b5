use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command};

use super::grantway;

/// A running server; gone when dropped.
pub(crate) struct Serving {
    process: Child,
    address: SocketAddr,
    out: BufReader<ChildStdout>,
    log: Option<BufReader<ChildStderr>>,
}

impl Serving {
    /// Returns once it says that it listens.
    pub(crate) fn start(folder: &Path, more: &[&str]) -> Self {
        Self::of(grantway(folder).args(["serve", "--listen", "127.0.0.1:0"]).args(more))
    }

    /// The same, started as one likes.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut process = command.spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let url = first.trim_end().strip_prefix("listening on ").unwrap_or_default();
        let address = url.split_once("://").map(|(_, address)| address).unwrap_or_default();
        let address = address.parse().unwrap_or_else(|_| panic!("first came {first:?}"));
        Self { process, address, out, log: None }
    }

    /// The next line about `what`, which it has to say.
    pub(crate) fn says(&mut self, what: &str) -> String {
        let line = self.out.by_ref().lines().map_while(Result::ok).find(|line| line.contains(what));
        line.unwrap_or_else(|| panic!("it says nothing about {what:?}"))
    }

    /// The next line of its log about `what`, which it has to write.
    pub(crate) fn logs(&mut self, what: &str) -> String {
        let log = self.log.get_or_insert_with(|| {
            BufReader::new(self.process.stderr.take().expect("a log that goes nowhere else"))
        });
        let line = log.lines().map_while(Result::ok).find(|line| line.contains(what));
        line.unwrap_or_else(|| panic!("it logs nothing about {what:?}"))
    }

    /// What it logs, from now on the reader's.
    pub(crate) fn log(&mut self) -> ChildStderr {
        self.process.stderr.take().unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(self.address).unwrap();
        write!(connection, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Waits for an end that somebody else brings about.
    pub(crate) fn ended(mut self) {
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
    }

    /// Everything after the first line, told to end politely, which it does with 0.
    pub(crate) fn said(mut self) -> String {
        let told = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(told.success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
