//! `grantway.toml`: unknown keys are errors, with the line and what was probably meant.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::mail::MailTable;
use super::{DeclaredAccount, DeclaredApplication};
use crate::outcome::Failure;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) server: ServerTable,
    pub(crate) database: DatabaseTable,
    pub(crate) mail: MailTable,
    pub(crate) account: Vec<DeclaredAccount>,
    pub(crate) application: Vec<DeclaredApplication>,
}

/// `[server]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerTable {
    pub(crate) listen: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) allow_http_issuer: Option<Vec<String>>,
    pub(crate) trusted_proxies: Option<Vec<String>>,
    pub(crate) satellite_hosts: Option<Vec<String>>,
    pub(crate) name: Option<String>,
    pub(crate) theme: Option<String>,
    /// Seconds.
    pub(crate) refresh_grace: Option<u64>,
    /// Seconds; 0 is for ever.
    pub(crate) signing_key_lifetime: Option<u64>,
    pub(crate) cache_lookups: Option<bool>,
}

/// `[database]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DatabaseTable {
    pub(crate) url: Option<String>,
    pub(crate) migrate: Option<bool>,
}

impl File {
    /// The named file, which has to be there; else `./grantway.toml`, which need not.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new("grantway.toml"));
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(fault) if named.is_none() && fault.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(fault) => Err(Failure::configuration(
                format!("the configuration file {} cannot be read", path.display()),
                fault,
                "check the path after --config",
            )),
        }
    }

    pub(crate) fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        toml::from_str(text).map_err(|fault| {
            let place = fault.span().map_or_else(String::new, |span| {
                let before = &text[..span.start.min(text.len())];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
                format!(" line {line}, column {column}")
            });
            Failure::configuration(
                format!("the configuration is wrong: {name}{place}"),
                fault.message(),
                remedy(fault.message()),
            )
        })
    }
}

/// The message quotes the unknown field first, then what was expected: the nearest of those.
fn remedy(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| message.starts_with("unknown field"));
    let nearest = unknown.and_then(|unknown| {
        quoted
            .map(|known| (strsim::damerau_levenshtein(unknown, known), known))
            .filter(|(distance, known)| *distance <= known.len() / 2)
            .min()
    });
    match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "docs/OPERATING.md lists every key".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_what_was_meant() {
        for (text, place, next) in [
            ("[server]\nlisten = \"x\"\nisuer = \"y\"\n", "line 3, column 1", "did you mean `issuer`?"),
            ("[databse]\nurl = \"x\"\n", "line 1, column 2", "did you mean `database`?"),
            (
                "[[application]]\nclient_id = \"a\"\nredirect_uri = []\n",
                "line 3, column 1",
                "did you mean `redirect_uris`?",
            ),
            ("[server]\nzzz = 1\n", "line 2, column 1", "docs/OPERATING.md lists every key"),
        ] {
            let failure = File::parse(text, "grantway.toml").unwrap_err();
            assert!(failure.what.ends_with(place), "{}", failure.what);
            assert_eq!(failure.next, next, "{text}");
        }
    }

    #[test]
    fn a_named_file_must_exist_and_the_usual_one_need_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(File::find(Some(&folder.path().join("none.toml"))).is_err());
        assert!(File::find(None).is_ok());
    }
}
