//! `cargo xtask tidy`: what a person should look at. Words fail `check`; lengths fail nothing.

mod files;
mod lengths;
mod words;

use crate::Verdict;
use crate::failure::Failure;
use crate::say;
use crate::workspace::Workspace;
use files::Text;

/// Lists the words that have no place here, then the longest files and functions.
pub(crate) fn run(workspace: &Workspace) -> Result<Verdict, Failure> {
    let texts = files::read(workspace.root())?;
    let found = objections(&texts);
    for objection in &found {
        say::line(objection);
    }
    for table in [lengths::of_files(&texts), lengths::of_functions(&texts)] {
        say::line(table);
    }
    Ok(if found.is_empty() { Verdict::Good } else { Verdict::Bad })
}

/// Fails on a word that has no place here.
pub(crate) fn words(workspace: &Workspace) -> Result<(), Failure> {
    let found = objections(&files::read(workspace.root())?);
    if found.is_empty() {
        return Ok(());
    }
    for objection in &found {
        say::line(objection);
    }
    Err(Failure::new(
        "a word stands where it has no place",
        format_args!("{} found, listed above", found.len()),
        "name it after what it is in the protocol; finish it; use `#[expect(lint, reason = \"…\")]`",
    ))
}

fn objections(texts: &[Text]) -> Vec<String> {
    texts.iter().flat_map(words::objections).collect()
}
