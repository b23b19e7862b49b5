//! The only place that writes to the terminal. What is sent is complete when the call returns, so that
//! whoever reads the first line through a pipe has it at once.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use grantway_core::plain::{is_obeyed, plain};
use serde_json::{Value, json};

use crate::outcome::Failure;

/// A line for whoever started the program.
pub(crate) fn line(text: &str) {
    let mut out = io::stdout().lock();
    noted(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Something that works, and that whoever operates it should know.
pub(crate) fn warning(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{WARNED}warning:{WARNED:#} {}", plain(text));
}

/// How far long work is: one line on a terminal that each word overwrites, the empty one leaving nothing.
/// Nobody watches a pipe, and where a line cannot be overwritten each word would be one more.
pub(crate) fn progress(text: &str) {
    let mut out = io::stderr().lock();
    if out.is_terminal() && anstyle_query::term_supports_color() {
        let _ = write!(out, "\r\x1b[2K{text}");
        let _ = out.flush();
    }
}

/// A document for a program.
pub(crate) fn document(value: &Value) {
    line(&json(value));
}

/// A document as text of which a terminal obeys nothing: the same document, for whoever reads it as JSON.
pub(crate) fn json(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        // Outside of strings there is none of them, and within (RFC 8259 section 7) any character may be escaped.
        if is_obeyed(c) {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// Three lines on standard error: what, why, what next; or one JSON document.
pub(crate) fn failure(failure: &Failure, json: bool) {
    let mut out = anstream::stderr().lock();
    let told = if json {
        self::json(&json!({"error": failure, "exit_code": failure.exit.number()}))
    } else {
        three_lines(failure)
    };
    let _ = writeln!(out, "{told}");
}

fn three_lines(Failure { exit: _, what, why, next }: &Failure) -> String {
    // Others wrote some of it.
    let [what, why, next] = [what, why, next].map(|text| plain(text));
    format!("{BAD}error:{BAD:#} {what}\n  why:  {why}\n  next: {next}")
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
    noted(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Data, byte for byte.
#[cfg(feature = "tools")]
pub(crate) fn bytes(data: &[u8]) {
    let mut out = io::stdout().lock();
    noted(out.write_all(data).and_then(|()| out.flush()));
}

/// Why data did not reach standard output, if some did not.
pub(crate) fn lost() -> Option<io::Error> {
    LOST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn noted(written: io::Result<()>) {
    match written {
        // Whoever closed our standard output does not want to be told.
        Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
            LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        }
        _ => {}
    }
}

static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_same_and_a_terminal_is_told_to_do_nothing() {
        for obeyed in
            ['\u{1b}', '\u{7f}', '\u{9b}', '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}']
                .into_iter()
                .chain('\u{202a}'..='\u{202e}')
                .chain('\u{2066}'..='\u{2069}')
        {
            let value = json!({format!("a{obeyed}"): [format!("Ada Lövelace 愛{obeyed}\n\"\\")]});
            let text = json(&value);
            assert!(!text.chars().any(is_obeyed) && text.contains("Lövelace 愛"), "{text:?}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn what_others_wrote_stays_in_its_line() {
        let failure = Failure::configuration("a\u{1b}[2J", "b\nerror: c", "d\u{202e}");
        let told = three_lines(&failure);
        assert_eq!(told.lines().count(), 3, "{told:?}");
        assert!(told.contains("b error: c") && told.ends_with("d "), "{told:?}");
    }
}
