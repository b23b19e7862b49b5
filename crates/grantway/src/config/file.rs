//! `grantway.toml`: unknown keys are errors, with the line and what was probably meant.

use std::io::ErrorKind;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::limits::LimitsTable;
use super::mail::MailTable;
use super::outbound::OutboundTable;
use super::{DeclaredAccount, DeclaredApiKey, DeclaredApplication, DeclaredProject};
use crate::bounded;
use crate::outcome::Failure;

/// The configuration of Grantway. A flag beats the environment, the environment beats this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "grantway.toml")]
pub(crate) struct File {
    pub(crate) server: ServerTable,
    pub(crate) database: DatabaseTable,
    pub(crate) limits: LimitsTable,
    pub(crate) outbound: OutboundTable,
    pub(crate) mail: MailTable,
    #[schemars(with = "Vec<DeclaredAccount>")]
    pub(crate) account: Vec<Spanned<DeclaredAccount>>,
    #[schemars(with = "Vec<DeclaredApplication>")]
    pub(crate) application: Vec<Spanned<DeclaredApplication>>,
    #[schemars(with = "Vec<DeclaredProject>")]
    pub(crate) project: Vec<Spanned<DeclaredProject>>,
    #[schemars(with = "Vec<DeclaredApiKey>")]
    pub(crate) api_key: Vec<Spanned<DeclaredApiKey>>,
}

/// Where it listens, what it is called, and how it behaves.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerTable {
    /// The address and port to listen on; port 0 takes any free one. Default: 127.0.0.1:8080.
    pub(crate) listen: Option<String>,
    /// The provider's name on the web, kept byte for byte. Default: the URL it listens on.
    pub(crate) issuer: Option<String>,
    /// Hosts whose issuer may be http although they are not on loopback.
    pub(crate) allow_http_issuer: Option<Vec<String>>,
    /// Networks or addresses of your own proxies, whose X-Forwarded-For and X-Forwarded-Host are believed.
    pub(crate) trusted_proxies: Option<Vec<String>>,
    /// Hosts at which requests to the protocol's endpoints get 403.
    pub(crate) satellite_hosts: Option<Vec<String>>,
    /// The path of a PEM file with the certificate to listen with, then those of the authorities between it
    /// and the root. Needs `tls_key`.
    pub(crate) tls_certificate: Option<String>,
    /// The path of a PEM file with the key of `tls_certificate`, not encrypted.
    pub(crate) tls_key: Option<String>,
    /// What people call the service: it stands on top of every page.
    pub(crate) name: Option<String>,
    /// The path of a style sheet that stands behind the built-in one in every page.
    pub(crate) theme: Option<String>,
    /// For how many seconds a spent refresh token is answered again; 0 is off. Default: 30.
    pub(crate) refresh_grace: Option<u64>,
    /// After how many seconds the next signing key signs; 0 is never, else 3600 or more. Default: 7776000.
    pub(crate) signing_key_lifetime: Option<u64>,
    /// Remember applications and accounts until they change. Default: true.
    pub(crate) cache_lookups: Option<bool>,
}

/// Where everything is kept.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DatabaseTable {
    /// `sqlite://path?mode=rwc` or `postgres://user:password@host/database`. Default: `grantway.db` in the
    /// data directory.
    pub(crate) url: Option<String>,
    /// Bring the tables up to date at each start. Default: true.
    pub(crate) migrate: Option<bool>,
}

impl File {
    /// The named file, which has to be there; else `grantway.toml` of that folder, which need not.
    pub(crate) fn find(named: Option<&Path>, folder: &Path) -> Result<Self, Failure> {
        let usual = folder.join("grantway.toml");
        let path = named.unwrap_or(&usual);
        match bounded::text(path, MOST_BYTES) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(fault) if named.is_none() && fault.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(fault) => Err(Failure::configuration(
                format!("the configuration file {} cannot be read", path.display()),
                &fault,
                match (named, fault.kind()) {
                    (Some(_), _) => "check the path after --config".to_owned(),
                    (None, ErrorKind::NotADirectory) => {
                        format!("{} is no folder: name one, by --store or GRANTWAY_HOME", folder.display())
                    }
                    (None, _) => format!("make {} readable, or move it away", path.display()),
                },
            )),
        }
    }

    pub(crate) fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let before = |at: usize| &text[..at.min(text.len())];
        let line = |at| before(at).matches('\n').count() + 1;
        let mut file: Self = toml::from_str(text).map_err(|fault| {
            let place = fault.span().map_or_else(String::new, |span| {
                let last = before(span.start).rsplit('\n').next();
                let column = last.map_or(0, |last| last.chars().count()) + 1;
                format!(" line {}, column {column}", line(span.start))
            });
            Failure::configuration(
                format!("the configuration is wrong: {name}{place}"),
                fault.message(),
                remedy(fault.message()),
            )
        })?;
        for declared in &mut file.account {
            declared.as_mut().place = format!("{name} line {}", line(declared.span().start));
        }
        for declared in &mut file.application {
            declared.as_mut().place = format!("{name} line {}", line(declared.span().start));
        }
        for declared in &mut file.project {
            declared.as_mut().place = format!("{name} line {}", line(declared.span().start));
        }
        for declared in &mut file.api_key {
            declared.as_mut().place = format!("{name} line {}", line(declared.span().start));
        }
        Ok(file)
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

/// Thousands of accounts and applications may be declared.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

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
        assert!(File::find(Some(&folder.path().join("none.toml")), folder.path()).is_err());
        assert!(File::find(None, folder.path()).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn whoever_names_no_file_is_not_sent_to_look_at_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("home");
        std::fs::write(&file, "").unwrap();
        std::fs::create_dir(folder.path().join("grantway.toml")).unwrap();
        for (home, next) in [(&*file, "GRANTWAY_HOME"), (folder.path(), "readable")] {
            let failure = File::find(None, home).unwrap_err();
            assert!(failure.next.contains(next) && !failure.next.contains("--config"), "{}", failure.next);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_an_end_is_no_configuration() {
        let failure = File::find(Some(Path::new("/dev/zero")), Path::new("")).unwrap_err();
        assert!(failure.why.starts_with("it is longer than "), "{}", failure.why);
    }
}
