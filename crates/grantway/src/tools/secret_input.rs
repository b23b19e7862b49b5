//! A secret from where it is: never from an argument, which other programs of the machine can read.

use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use dialoguer::Password;
use grantway_core::secret::Secret;

use super::kept_profile::KeptProfile;
use super::profile::SecretPlace;
use crate::bounded::{self, MOST_BYTES};
use crate::outcome::{Exit, Failure};

/// Where the client's secret is. A secret is not taken as an argument: every program on the machine can read those.
#[derive(Args, Clone, Debug, Default)]
#[group(multiple = false)]
pub(crate) struct ClientSecretFlags {
    /// The client's secret is in this file, and stays there
    #[arg(id = "client_secret_file", long = "client-secret-file", value_name = "FILE")]
    file: Option<PathBuf>,
    /// The client's secret is what this command prints, each time it is needed
    #[arg(id = "client_secret_command", long = "client-secret-command", value_name = "COMMAND")]
    command: Option<String>,
    /// The client's secret is the first line of standard input; the profile keeps it
    #[arg(id = "client_secret_stdin", long = "client-secret-stdin")]
    stdin: bool,
    /// Ask for the client's secret at the terminal; the profile keeps it
    #[arg(id = "client_secret_prompt", long = "client-secret-prompt")]
    prompt: bool,
    /// The client's secret is in this variable of the environment; the profile keeps it
    #[arg(id = "client_secret_env", long = "client-secret-env", value_name = "NAME")]
    env: Option<String>,
    /// Nobody is offered this; whoever tries it is told why.
    #[arg(id = "client_secret", long = "client-secret", hide = true)]
    argument: Option<String>,
}

/// A secret that was given, and where it is from now on.
#[derive(Debug)]
pub(crate) struct GivenSecret {
    pub(crate) place: SecretPlace,
    /// What the profile is to keep.
    pub(crate) to_keep: Option<Secret>,
}

impl ClientSecretFlags {
    /// The secret, if one was named.
    pub(crate) fn take(&self) -> Result<Option<GivenSecret>, Failure> {
        if self.argument.is_some() {
            return Err(Failure::new(
                Exit::Usage,
                "a secret is not taken as an argument",
                "every program on this machine can read arguments, and the shell keeps them",
                "think it known; give --client-secret-file, -command, -stdin, -prompt or -env",
            ));
        }
        let kept = |secret| Some(GivenSecret { place: SecretPlace::Kept, to_keep: Some(secret) });
        if let Some(path) = &self.file {
            let path = std::path::absolute(path).map_err(|fault| unreadable(path, fault))?;
            of_file(&path)?;
            return Ok(Some(GivenSecret { place: SecretPlace::File(path), to_keep: None }));
        }
        if let Some(command) = &self.command {
            of_command(command)?;
            return Ok(Some(GivenSecret { place: SecretPlace::Command(command.clone()), to_keep: None }));
        }
        if let Some(name) = &self.env {
            return of_environment(name).map(kept);
        }
        if self.stdin {
            return of_stdin().map(kept);
        }
        if self.prompt {
            return prompted().map(kept);
        }
        Ok(None)
    }
}

impl SecretPlace {
    /// What is there now.
    pub(crate) fn secret(&self, profile: &KeptProfile) -> Result<Secret, Failure> {
        match self {
            Self::File(path) => of_file(path),
            Self::Command(command) => of_command(command),
            Self::Kept => {
                let kept = profile.client_secret()?.map(|secret| first_line(secret.expose()));
                kept.flatten().ok_or_else(|| {
                    Failure::new(
                        Exit::Store,
                        format!("the profile {} has no secret any more", profile.name()),
                        "it was kept, and is gone",
                        format!(
                            "give it again: grantway login --profile {} --client-secret-prompt",
                            profile.name()
                        ),
                    )
                })
            }
        }
    }
}

fn of_file(path: &Path) -> Result<Secret, Failure> {
    let text = bounded::text(path, MOST_BYTES).map(Secret::new).map_err(|fault| unreadable(path, fault))?;
    first_line(text.expose()).ok_or_else(|| unreadable(path, "its first line is empty"))
}

fn unreadable(path: &Path, fault: impl std::fmt::Display) -> Failure {
    Failure::configuration(
        format!("the client's secret cannot be read from {}", path.display()),
        fault,
        "give the path of a file with the secret in its first line",
    )
}

/// By the shell, as it was written at one.
fn of_command(command: &str) -> Result<Secret, Failure> {
    let failed = |why: String| {
        Failure::configuration(
            "the command for the client's secret did not give one",
            why,
            "run it by itself: it is to print the secret in its first line, and to end with 0",
        )
    };
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.args([if cfg!(windows) { "/C" } else { "-c" }, command]);
    // What it asks or complains goes where the person is; what it prints is the secret.
    let shell = shell.stdin(Stdio::inherit()).stderr(Stdio::inherit()).stdout(Stdio::piped()).spawn();
    let mut shell = shell.map_err(|fault| failed(fault.to_string()))?;
    let printed = shell.stdout.take().map(|printed| bounded::all(printed, MOST_BYTES));
    // Whoever prints without end finds nobody who reads any more.
    let status = shell.wait().map_err(|fault| failed(fault.to_string()))?;
    let printed = printed.transpose().map_err(|fault| failed(fault.to_string()))?.unwrap_or_default();
    if !status.success() {
        return Err(failed(format!("it ended with {status}")));
    }
    let text = String::from_utf8(printed).map(Secret::new);
    let text = text.map_err(|_| failed("what it printed is no text".to_owned()))?;
    first_line(text.expose()).ok_or_else(|| failed("it printed nothing".to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "whoever calls named the variable")]
fn of_environment(name: &str) -> Result<Secret, Failure> {
    let value = std::env::var(name).ok().map(Secret::new);
    value.and_then(|value| first_line(value.expose())).ok_or_else(|| {
        Failure::configuration(
            "the client's secret is not in the environment",
            format!("{name} is not set, or empty"),
            "set it, or give --client-secret-file",
        )
    })
}

fn of_stdin() -> Result<Secret, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(MOST_BYTES).read_line(&mut line);
    let line = Secret::new(line);
    let failed = |why: String| {
        Failure::configuration(
            "the client's secret cannot be read from standard input",
            why,
            "write it into the first line, or give --client-secret-file",
        )
    };
    read.map_err(|fault| failed(fault.to_string()))?;
    first_line(line.expose()).ok_or_else(|| failed("its first line is empty".to_owned()))
}

fn prompted() -> Result<Secret, Failure> {
    let failed = |why: String| {
        Failure::new(
            Exit::Usage,
            "the client's secret cannot be asked for",
            why,
            "give --client-secret-file, --client-secret-command or --client-secret-stdin",
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(failed("nobody is at a terminal".to_owned()));
    }
    let typed = Password::new().with_prompt("The client's secret").allow_empty_password(true).interact();
    let typed = typed.map(Secret::new).map_err(|fault| failed(fault.to_string()))?;
    first_line(typed.expose()).ok_or_else(|| failed("nothing was typed".to_owned()))
}

/// Without the line's end, which is the editor's.
fn first_line(text: &str) -> Option<Secret> {
    text.lines()
        .next()
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.is_empty())
        .map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_first_line_with_all_its_spaces() {
        let secret = first_line(" a b \r\nnot this\n").unwrap();
        assert!(secret.matches(" a b "), "{}", secret.expose());
        assert!(first_line("\nsecond").is_none() && first_line("").is_none());
    }

    #[test]
    fn a_command_that_fails_gives_no_secret_although_it_prints_something() {
        assert!(of_command("echo sesame").unwrap().matches("sesame"));
        let failure = of_command("echo sesame; exit 3").unwrap_err();
        assert!(failure.why.contains('3') && !failure.why.contains("sesame"), "{}", failure.why);
        assert!(of_command("true").unwrap_err().why.contains("nothing"));
        assert!(of_command("cat /dev/zero").unwrap_err().why.contains("longer"));
    }
}
