//! What tests need beyond the Rust toolchain.

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display};
use std::process::Command;

use clap::ValueEnum;

use crate::cluster::Cluster;
use crate::test::{chromium, httpd, node, postgres, python, strace};
use crate::workspace::Workspace;

/// Something that a machine may lack, and whose tests can then be left out by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Need {
    /// Node.js and npm, for the OAuth clients and the provider that npm installs
    Node,
    /// Python 3 with venv, for OAuth clients that pip installs
    Python,
    /// PostgreSQL, for stores that many processes share
    Postgres,
    /// strace, for what must be on the disk before it is answered
    Strace,
    /// Chromium, and Node.js and npm, for the pages as people see and use them
    Chromium,
    /// The Apache HTTP Server with `mod_auth_openidc`, a product that people come from
    Httpd,
}

pub(crate) const ALL: &[Need] =
    &[Need::Node, Need::Python, Need::Postgres, Need::Strace, Need::Chromium, Need::Httpd];

/// A need that is met.
#[derive(Default)]
pub(super) struct Met {
    /// What its tests must be told: names and values of environment variables.
    pub(super) told: Vec<(&'static str, OsString)>,
    /// What must run while they do.
    pub(super) running: Option<Cluster>,
}

impl Need {
    /// Finds or installs it; or says in one line what is missing and the remedy.
    pub(super) fn meet(self, workspace: &Workspace) -> Result<Met, String> {
        match self {
            Self::Node => node::meet(workspace),
            Self::Python => python::meet(workspace),
            Self::Postgres => postgres::meet(),
            Self::Strace => strace::meet(),
            Self::Chromium => chromium::meet(workspace),
            Self::Httpd => httpd::meet(),
        }
    }

    /// What the paths of its tests have and no others.
    pub(super) fn tests(self) -> &'static str {
        match self {
            Self::Node => "::node::",
            Self::Python => "interop::python::",
            Self::Postgres => "on_postgres::",
            Self::Strace => "under_strace::",
            Self::Chromium => "in_chromium::",
            Self::Httpd => "behind_httpd::",
        }
    }
}

impl Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Postgres => "postgres",
            Self::Strace => "strace",
            Self::Chromium => "chromium",
            Self::Httpd => "httpd",
        })
    }
}

/// The version that a tool gives of itself, such as `v20.20.2` or `Python 3.11.7`; `None` if it
/// is not there or older than `oldest`.
pub(crate) fn version(tool: impl AsRef<OsStr>, oldest: (u32, u32)) -> Option<String> {
    let output = Command::new(tool).arg("--version").output().ok().filter(|o| o.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
    (numbers(&said)? >= oldest).then_some(said)
}

fn numbers(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.trim_start_matches(|c: char| !c.is_ascii_digit()).split('.');
    let mut part = || parts.next()?.parse().ok();
    Some((part()?, part()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_tools_say() {
        for (said, numbered) in [
            ("v20.20.2", Some((20, 20))),
            ("Python 3.11.7", Some((3, 11))),
            ("11.19.1", Some((11, 19))),
            ("strace -- version 6.1", Some((6, 1))),
            ("Chromium 156.0.8078.79 built on Debian", Some((156, 0))),
            ("Python", None),
            ("", None),
        ] {
            assert_eq!(numbers(said), numbered, "{said}");
        }
    }

    #[test]
    fn a_tool_that_is_not_there_has_no_version() {
        assert_eq!(version("grantway-has-no-such-tool", (0, 0)), None);
    }
}
