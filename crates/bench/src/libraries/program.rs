//! A contender: a program that does one thing again and again, and says how long that took.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use crate::http::Wrong;

#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) name: String,
    path: PathBuf,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work<'a> {
    pub(super) verb: &'static str,
    /// By that algorithm, or to the reply of that name.
    pub(super) subject: &'static str,
    /// On the standard input.
    pub(super) given: &'a str,
}

impl Program {
    /// A token that it signed; nothing if it does not have the algorithm.
    pub(super) fn token(&self, algorithm: &'static str) -> Result<Option<String>, Wrong> {
        let output = self.run(Work { verb: "token", subject: algorithm, given: "" }, None)?;
        if output.status.code() == Some(ABSENT) {
            return Ok(None);
        }
        Ok(Some(self.said(output)?.trim().to_owned()))
    }

    /// What it reads in a token; nothing if it refuses it.
    pub(super) fn claims(&self, algorithm: &'static str, token: &str) -> Result<Option<Value>, Wrong> {
        let output = self.run(Work { verb: "claims", subject: algorithm, given: token }, None)?;
        if output.status.code() == Some(REFUSED) {
            return Ok(None);
        }
        Ok(Some(serde_json::from_str(&self.said(output)?)?))
    }

    /// What the reply of that name told it.
    pub(super) fn told(&self, reply: &'static str) -> Result<Value, Wrong> {
        let output = self.run(Work { verb: "told", subject: reply, given: "" }, None)?;
        Ok(serde_json::from_str(&self.said(output)?)?)
    }

    /// The processor time of doing it once, after repeating it for about that long.
    pub(super) fn micros(&self, work: Work<'_>, time: Duration) -> Result<f64, Wrong> {
        let output = self.run(work, Some(time))?;
        let said: Value = serde_json::from_str(&self.said(output)?)?;
        said["micros"].as_f64().ok_or_else(|| Wrong::new(format_args!("{} says no micros", self.name)))
    }

    fn run(&self, work: Work<'_>, time: Option<Duration>) -> Result<Output, Wrong> {
        let mut running = Command::new(&self.path)
            .env_clear()
            .args([work.verb, work.subject])
            .args(time.map(|time| time.as_millis().to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = running.stdin.take() {
            // Whoever reads nothing may be gone.
            let _ = input.write_all(work.given.as_bytes());
        }
        Ok(running.wait_with_output()?)
    }

    fn said(&self, output: Output) -> Result<String, Wrong> {
        if !output.status.success() {
            return Err(Wrong::new(format_args!("{}: {}", self.name, output.status)));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl FromStr for Program {
    type Err = &'static str;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let (name, path) = raw.split_once('=').ok_or("a name, `=` and a program")?;
        Ok(Self { name: name.to_owned(), path: path.into() })
    }
}

/// How a contender ends that does not believe a token.
const REFUSED: i32 = 1;
/// How one ends that does not have the algorithm.
const ABSENT: i32 = 3;
