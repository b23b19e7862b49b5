//! The only place that writes to the terminal. What is sent is complete when the call returns, so that
//! whoever reads the first line through a pipe has it at once.

use std::io::{IsTerminal, Write};

use serde_json::{Value, json};

use crate::outcome::Failure;

/// A line for whoever started the program.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever closed our standard output does not want to be told.
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Something that works, and that whoever operates it should know.
pub(crate) fn warning(text: &str) {
    let mut out = std::io::stderr().lock();
    let (yellow, plain) = if out.is_terminal() { ("\x1b[33m", "\x1b[0m") } else { ("", "") };
    let _ = writeln!(out, "{yellow}warning:{plain} {text}");
}

/// How far long work is: one line on a terminal that each word overwrites, the empty one leaving nothing.
/// Nobody watches a pipe.
pub(crate) fn progress(text: &str) {
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let _ = write!(out, "\r\x1b[2K{text}");
        let _ = out.flush();
    }
}

/// A document for a program.
pub(crate) fn document(value: &Value) {
    line(&value.to_string());
}

/// Three lines on standard error: what, why, what next; or one JSON document.
pub(crate) fn failure(failure: &Failure, json: bool) {
    let mut out = std::io::stderr().lock();
    let Failure { exit, what, why, next } = failure;
    let _ = if json {
        writeln!(out, "{}", json!({"error": failure, "exit_code": exit.number()}))
    } else {
        let (red, plain) = if out.is_terminal() { ("\x1b[31m", "\x1b[0m") } else { ("", "") };
        writeln!(out, "{red}error:{plain} {what}\n  why:  {why}\n  next: {next}")
    };
}
