//! How a command ends: the exit codes a script can rely on, and an error in three lines.

use std::fmt::Display;
use std::process::ExitCode;

use serde::Serialize;

/// The exit codes of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exit {
    /// The arguments are wrong.
    Usage,
    /// The configuration, the data directory or the root key is wrong.
    Configuration,
    /// The network, or something the program needs to run at all.
    CouldNotRun,
    /// The provider or the resource said no.
    #[cfg(feature = "tools")]
    Refused,
    /// The person said no.
    #[cfg(feature = "tools")]
    Denied,
    /// Nobody decided in time.
    #[cfg(feature = "tools")]
    TimedOut,
    /// A person would have to sign in, and may not be asked.
    #[cfg(feature = "tools")]
    SignInNeeded,
    /// A token, or what came with one, is not to be believed.
    #[cfg(feature = "tools")]
    NotBelieved,
    /// The database, or where profiles and tokens are kept, is locked or cannot be read.
    Store,
}

impl Exit {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::CouldNotRun => 4,
            #[cfg(feature = "tools")]
            Self::Refused => 5,
            #[cfg(feature = "tools")]
            Self::Denied => 6,
            #[cfg(feature = "tools")]
            Self::TimedOut => 7,
            #[cfg(feature = "tools")]
            Self::SignInNeeded => 8,
            #[cfg(feature = "tools")]
            Self::NotBelieved => 9,
            Self::Store => 10,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Why a command could not do its work.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    #[serde(rename = "code")]
    pub(crate) exit: Exit,
    /// What went wrong.
    pub(crate) what: String,
    /// Why.
    pub(crate) why: String,
    /// What to do next.
    pub(crate) next: String,
}

impl Failure {
    pub(crate) fn new(
        exit: Exit,
        what: impl Into<String>,
        why: impl Display,
        next: impl Into<String>,
    ) -> Self {
        Self { exit, what: what.into(), why: why.to_string(), next: next.into() }
    }

    /// The same, and where in the file that is.
    pub(crate) fn at(self, place: &str) -> Self {
        if place.is_empty() { self } else { Self { what: format!("{} ({place})", self.what), ..self } }
    }

    pub(crate) fn configuration(what: impl Into<String>, why: impl Display, next: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, what, why, next)
    }
}
