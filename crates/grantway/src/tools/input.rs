//! What is given as an argument, in a file, or on standard input.

use std::io::IsTerminal;

use bytes::Bytes;
use grantway_core::secret::Secret;

use super::flags::GeneralFlags;
use crate::bounded::{self, MOST_BYTES};
use crate::outcome::{Exit, Failure};
use crate::say;

/// A text, the content of `@FILE`, or standard input for `@-`.
pub(crate) fn data(argument: &str) -> Result<Bytes, Failure> {
    match argument.strip_prefix('@') {
        Some("-") => stdin(MOST_BODY),
        Some(path) => file(path, MOST_BODY),
        None => Ok(Bytes::copy_from_slice(argument.as_bytes())),
    }
}

/// The content of a file, or standard input for `-`.
pub(crate) fn content(path: &str) -> Result<Bytes, Failure> {
    if path == STDIN { stdin(MOST_BYTES) } else { file(path, MOST_BYTES) }
}

/// A token as people have it at hand: itself, `@FILE`, or `-` for standard input; with or without `Bearer` in front.
pub(crate) fn token(argument: &str) -> Result<Secret, Failure> {
    let text = match (argument, argument.strip_prefix('@')) {
        (STDIN, _) => stdin(MOST_BYTES)?,
        (_, Some(path)) => file(path, MOST_BYTES)?,
        (_, None) => Bytes::copy_from_slice(argument.as_bytes()),
    };
    let text = Secret::new(String::from_utf8_lossy(&text));
    let token = text.expose().trim();
    let token = ["Authorization:", "authorization:"]
        .iter()
        .find_map(|name| token.strip_prefix(name))
        .unwrap_or(token)
        .trim();
    let token =
        ["Bearer ", "bearer ", "DPoP "].iter().find_map(|scheme| token.strip_prefix(scheme)).unwrap_or(token);
    if token.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "there is no token",
            "what was given is empty",
            "give a token, @FILE, or - for standard input",
        ));
    }
    Ok(Secret::new(token.trim()))
}

/// Of arguments that may be `-`: standard input is read once.
pub(crate) fn stdin_is_for_one(arguments: &[&str]) -> Result<(), Failure> {
    if arguments.iter().filter(|argument| **argument == STDIN).count() <= 1 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        "standard input cannot be read twice",
        "more than one argument is -",
        "give @FILE in the place of one of them",
    ))
}

/// Warns whoever gives a token itself. Not with --json: who reads standard error then expects one document.
pub(crate) fn warn_of_arguments(tokens: &[&str], general: &GeneralFlags) {
    if !general.json && tokens.iter().any(|token| is_itself(token)) {
        say::warning(
            "a token that is an argument can be read by others on this machine, and the shell keeps it: \
             give @FILE, or - for standard input",
        );
    }
}

/// Is it the token, and not where that is?
fn is_itself(argument: &str) -> bool {
    argument != STDIN && !argument.starts_with('@')
}

const STDIN: &str = "-";

fn file(path: &str, most: u64) -> Result<Bytes, Failure> {
    bounded::file(path, most).map(Bytes::from).map_err(|fault| {
        Failure::new(
            Exit::Usage,
            format!("{path} cannot be read"),
            fault,
            "give the path of a file, or - for standard input",
        )
    })
}

fn stdin(most: u64) -> Result<Bytes, Failure> {
    if std::io::stdin().is_terminal() {
        say::story("Reading from the terminal; end with Ctrl-D.");
    }
    bounded::all(std::io::stdin().lock(), most)
        .map(Bytes::from)
        .map_err(|fault| Failure::new(Exit::Usage, "standard input cannot be read", fault, "give a file"))
}

/// A request may carry a picture.
const MOST_BODY: u64 = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_as_it_is_copied() {
        for text in ["a.b.c", " a.b.c\n", "Bearer a.b.c", "Authorization: Bearer a.b.c", "DPoP a.b.c"] {
            assert_eq!(token(text).unwrap().expose(), "a.b.c", "{text}");
        }
        assert_eq!(token(" ").unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn standard_input_is_for_one_argument() {
        assert!(stdin_is_for_one(&["-", "a", "@-", "--"]).is_ok());
        assert_eq!(stdin_is_for_one(&["-", "a", "-"]).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn a_token_is_told_from_where_it_is() {
        for (argument, itself) in [("a.b.c", true), ("Bearer a", true), ("-", false), ("@file", false)] {
            assert_eq!(is_itself(argument), itself, "{argument}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_no_token_no_key_and_no_body() {
        for read in
            [token("@/dev/zero").map(drop), content("/dev/zero").map(drop), data("@/dev/zero").map(drop)]
        {
            let failure = read.unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.why.starts_with("it is longer than "), "{}", failure.why);
        }
    }
}
