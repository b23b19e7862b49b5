//! The only place that writes to the terminal. What is sent is complete when the call returns, so that
//! whoever reads the first line through a pipe has it at once.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
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
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{WARNED}warning:{WARNED:#} {text}");
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
    let mut out = anstream::stderr().lock();
    let Failure { exit, what, why, next } = failure;
    let _ = if json {
        writeln!(out, "{}", json!({"error": failure, "exit_code": exit.number()}))
    } else {
        writeln!(out, "{BAD}error:{BAD:#} {what}\n  why:  {why}\n  next: {next}")
    };
}

/// What happens, told to whoever watches: never data, so not on standard output.
#[cfg(feature = "tools")]
pub(crate) fn story(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{text}");
}

/// Data with colours, which go where nobody sees them no further than here.
#[cfg(feature = "tools")]
pub(crate) fn coloured(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Data, byte for byte.
#[cfg(feature = "tools")]
pub(crate) fn bytes(data: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(data);
    let _ = out.flush();
}

/// What does not work, or is not to be believed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// What works, and is to be looked at.
const WARNED: Style = AnsiColor::Yellow.on_default();
/// What is as it should be.
#[cfg(feature = "tools")]
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What stands out.
#[cfg(feature = "tools")]
pub(crate) const STRONG: Style = Style::new().bold();
/// What a camera reads.
#[cfg(feature = "tools")]
pub(crate) const CODE: Style =
    AnsiColor::BrightWhite.on_default().bg_color(Some(anstyle::Color::Ansi(AnsiColor::Black)));
/// What stands back.
#[cfg(feature = "tools")]
pub(crate) const FAINT: Style = Style::new().dimmed();
