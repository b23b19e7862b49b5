//! What several commands take.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::home::home;
use super::profile::ProfileName;
use crate::config::{Config, Outbound};
use crate::outcome::{Exit, Failure};

/// What every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GeneralFlags {
    /// The file that says in [outbound] how others are asked [default: grantway.toml where profiles are kept]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where profiles are kept [default: the folder that the system has for settings]
    #[arg(long, value_name = "DIR", env = "GRANTWAY_HOME")]
    pub(crate) store: Option<PathBuf>,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl GeneralFlags {
    /// How others are asked.
    pub(crate) fn outbound(&self) -> Result<Outbound, Failure> {
        // Who has no folder of his own has settled nothing in it.
        let home = home(self.store.as_deref()).ok();
        Config::load_outbound(self.config.as_deref(), home.as_deref())
    }
}

/// What is known of a provider, a client and its tokens, by a name.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProfileFlag {
    /// The profile: a provider, a client and its tokens
    #[arg(long, short, value_name = "NAME", default_value = "default", env = "GRANTWAY_PROFILE")]
    pub(crate) profile: ProfileName,
}

/// To see what is asked.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "To see what is asked")]
pub(crate) struct TraceFlags {
    /// Tell each request and its answer, on standard error
    #[arg(long)]
    pub(crate) trace: bool,
    /// Write them into a file as an HTTP Archive, which browsers and other tools open; secrets are hidden
    #[arg(long, value_name = "FILE")]
    pub(crate) trace_har: Option<PathBuf>,
    /// Write them into a file as curl commands, with variables where secrets were
    #[arg(long, value_name = "FILE")]
    pub(crate) trace_curl: Option<PathBuf>,
    /// Show the secrets in what is told; only if standard error is a terminal
    #[arg(long, requires = "trace")]
    show_secrets: bool,
}

impl TraceFlags {
    /// Are they shown in what is told? That is told on standard error.
    pub(crate) fn secrets_shown(&self) -> Result<bool, Failure> {
        Stream::Error.shows(self.show_secrets, Stream::is_terminal)
    }
}

/// Whether secrets are shown in what a command answers.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct SecretsFlag {
    /// Show secrets as they are; only on a terminal
    #[arg(long)]
    show_secrets: bool,
}

impl SecretsFlag {
    /// Are they shown? An answer goes to standard output.
    pub(crate) fn shown(self) -> Result<bool, Failure> {
        Stream::Output.shows(self.show_secrets, Stream::is_terminal)
    }
}

/// Where a secret would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Output,
    Error,
}

impl Stream {
    /// Does it, where that was asked for? What goes to a file or to another program stays there.
    fn shows(self, asked: bool, is_terminal: impl FnOnce(Self) -> bool) -> Result<bool, Failure> {
        if asked && !is_terminal(self) {
            let name = match self {
                Self::Output => "standard output",
                Self::Error => "standard error",
            };
            return Err(Failure::new(
                Exit::Usage,
                "secrets are shown on a terminal alone",
                format!("{name} is not one, and whatever reads it may keep what it reads"),
                "leave --show-secrets out",
            ));
        }
        Ok(asked)
    }

    fn is_terminal(self) -> bool {
        match self {
            Self::Output => std::io::stdout().is_terminal(),
            Self::Error => std::io::stderr().is_terminal(),
        }
    }
}

/// Reads `90`, `90s`, `5m`, `2h` or `1d`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| "write a number and s, m, h or d, as in 5m".to_owned())?;
    let seconds = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        unit => return Err(format!("{unit:?} is none of s, m, h and d")),
    };
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(|| "that is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn secrets_go_to_a_terminal_alone_whatever_the_other_stream_is() {
        for (to, name) in [(Stream::Output, "standard output"), (Stream::Error, "standard error")] {
            assert_eq!(to.shows(true, |asked| asked == to).ok(), Some(true), "{name} is a terminal");
            assert_eq!(to.shows(false, |_| false).ok(), Some(false), "nobody asked");

            let failure = to.shows(true, |asked| asked != to).unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.why.starts_with(name), "{}", failure.why);
        }
    }

    #[test]
    fn there_is_nothing_to_show_secrets_in_unless_something_is_told() {
        #[derive(Debug, Parser)]
        struct Traced {
            #[command(flatten)]
            trace: TraceFlags,
        }

        assert!(Traced::try_parse_from(["x", "--show-secrets"]).is_err());
        assert!(Traced::try_parse_from(["x", "--show-secrets", "--trace-har", "t.har"]).is_err());
        let both = Traced::try_parse_from(["x", "--show-secrets", "--trace"]).unwrap();
        assert!(both.trace.show_secrets && both.trace.trace);
    }

    #[test]
    fn a_span_is_a_number_with_a_unit() {
        for (text, seconds) in [("90", 90), ("0s", 0), ("5m", 300), ("2h", 7200), ("1d", 86400)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "m", "5 m", "-1s", "1w", "99999999999999999999", "999999999999999999d"] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }
}
