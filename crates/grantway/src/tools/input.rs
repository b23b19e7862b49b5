//! What is given as an argument, in a file, or on standard input.

use std::fs;
use std::io::{IsTerminal, Read};

use bytes::Bytes;
use grantway_core::secret::Secret;

use crate::outcome::{Exit, Failure};
use crate::say;

/// A text, the content of `@FILE`, or standard input for `@-`.
pub(crate) fn data(argument: &str) -> Result<Bytes, Failure> {
    match argument.strip_prefix('@') {
        Some("-") => stdin(),
        Some(path) => file(path),
        None => Ok(Bytes::copy_from_slice(argument.as_bytes())),
    }
}

/// The content of a file, or standard input for `-`.
pub(crate) fn content(path: &str) -> Result<Bytes, Failure> {
    if path == "-" { stdin() } else { file(path) }
}

/// A token as people have it at hand: itself, `@FILE`, or `-` for standard input; with or without `Bearer` in front.
pub(crate) fn token(argument: &str) -> Result<Secret, Failure> {
    let text = match argument.strip_prefix('@') {
        Some(path) => file(path)?,
        None if argument == "-" => stdin()?,
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

fn file(path: &str) -> Result<Bytes, Failure> {
    fs::read(path).map(Bytes::from).map_err(|fault| {
        Failure::new(
            Exit::Usage,
            format!("{path} cannot be read"),
            fault,
            "give the path of a file, or - for standard input",
        )
    })
}

fn stdin() -> Result<Bytes, Failure> {
    let mut all = Vec::new();
    if std::io::stdin().is_terminal() {
        say::story("Reading from the terminal; end with Ctrl-D.");
    }
    std::io::stdin().lock().read_to_end(&mut all).map_err(|fault| {
        Failure::new(Exit::CouldNotRun, "standard input cannot be read", fault, "give a file")
    })?;
    Ok(all.into())
}

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
}
