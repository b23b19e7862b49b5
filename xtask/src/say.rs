//! The only place that writes to the terminal; colours only where a person looks.

use std::env;
use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Announces a step that takes a while, does it, and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    line(format_args!("{} {name}", bold("==>")));
    let start = Instant::now();
    let done = work();
    let outcome = if done.is_ok() { "done" } else { "failed" };
    line(format_args!("    {name}: {outcome} in {}", seconds(start.elapsed())));
    done
}

/// What, why, what next.
pub(crate) fn failure(Failure { what, why, next }: &Failure) {
    // A reader who closed the pipe has decided not to hear it.
    let _ = writeln!(stderr(), "{} {what}\n  why:  {why}\n  next: {next}", red("error:"));
}

/// One line for whoever called.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(stdout(), "{text}");
}

/// Whether what is written here is read by a person at a terminal.
pub(crate) fn in_colour() -> bool {
    stdout().is_terminal() && stderr().is_terminal() && env::var_os("NO_COLOR").is_none()
}

fn bold(text: &str) -> String {
    painted("1", text)
}

fn red(text: &str) -> String {
    painted("1;31", text)
}

fn painted(code: &str, text: &str) -> String {
    if in_colour() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
