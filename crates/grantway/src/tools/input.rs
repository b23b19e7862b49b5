//! What is given as an argument, in a file, or on standard input.

use std::io::IsTerminal;

use bytes::Bytes;
use grantway_core::secret::Secret;

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
    if path == "-" { stdin(MOST_BYTES) } else { file(path, MOST_BYTES) }
}

/// A token as people have it at hand: itself, `@FILE`, or `-` for standard input; with or without `Bearer` in front.
pub(crate) fn token(argument: &str) -> Result<Secret, Failure> {
    let text = match argument.strip_prefix('@') {
        Some(path) => file(path, MOST_BYTES)?,
        None if argument == "-" => stdin(MOST_BYTES)?,
        None => Bytes::copy_from_slice(argument.as_bytes()),
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
