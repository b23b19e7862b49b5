//! `[server] name` and `theme`: what every page has in common.

use std::fs;
use std::path::PathBuf;

use grantway_core::http::{MAX_THEME_BYTES, PageShell};

use crate::outcome::Failure;

/// As it was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct PagesSettings {
    /// What the service is called.
    pub(crate) name: Option<String>,
    /// Where its style sheet lies.
    pub(crate) theme: Option<PathBuf>,
}

impl PagesSettings {
    /// The frame of every page, with the theme read.
    pub(crate) fn shell(&self) -> Result<PageShell, Failure> {
        let shell = PageShell::new();
        let shell = match &self.name {
            Some(name) => shell.with_name(readable(name)?),
            None => shell,
        };
        let Some(path) = &self.theme else { return Ok(shell) };
        let refuse = |why: String, next: &str| {
            Failure::configuration(format!("the theme {} cannot be used", path.display()), why, next)
        };
        let size = fs::metadata(path).map(|file| file.len());
        let read = size.and_then(|size| match size {
            0..=LONGEST => fs::read_to_string(path),
            // Not read, lest it fill the memory; what is said of it is said of the theme below.
            _ => Ok(" ".repeat(MAX_THEME_BYTES + 1)),
        });
        let css = read.map_err(|fault| refuse(fault.to_string(), "check the path in [server] theme"))?;
        shell.with_theme(&css).map_err(|fault| {
            refuse(fault.to_string(), "docs/OPERATING.md says what a theme may hold, and shows one")
        })
    }
}

fn readable(name: &str) -> Result<&str, Failure> {
    let good = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.contains(char::is_control);
    good.then_some(name).ok_or_else(|| {
        Failure::configuration(
            "the name in [server] cannot be used",
            format!("it is not 1 to {LONGEST_NAME} characters, or has spaces at its ends or line breaks"),
            "give what people call the service",
        )
    })
}

const LONGEST: u64 = MAX_THEME_BYTES as u64;
const LONGEST_NAME: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    fn themed(css: &str) -> Result<PageShell, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("theme.css");
        fs::write(&path, css).unwrap();
        PagesSettings { name: None, theme: Some(path) }.shell()
    }

    #[test]
    fn a_theme_that_is_none_is_refused_in_words() {
        assert!(themed(":root { --accent: #7a1f5c }").is_ok());
        assert!(themed("@import 'x';").unwrap_err().why.contains("@import"));
        assert!(themed(&" ".repeat(MAX_THEME_BYTES + 1)).unwrap_err().why.contains("16384 bytes"));
        let nowhere = PagesSettings { name: None, theme: Some("nowhere.css".into()) };
        assert!(nowhere.shell().unwrap_err().what.contains("nowhere.css"));
    }

    #[test]
    fn a_name_fits_on_a_page() {
        for (name, good) in [("Example", true), ("", false), (" Example", false), ("a\nb", false)] {
            let settings = PagesSettings { name: Some(name.into()), theme: None };
            assert_eq!(settings.shell().is_ok(), good, "{name:?}");
        }
        let long = PagesSettings { name: Some("a".repeat(LONGEST_NAME + 1)), theme: None };
        assert!(long.shell().is_err());
    }
}
