//! `[[api_key]]`: by what a program asks.

use std::fs;
use std::path::PathBuf;

use grantway_core::api_key::{ApiKeyHolder, narrowed_to, prefix_of};
use grantway_core::project::name_of;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::NewApiKey;
use grantway_core::secret::{Secret, on_the_wire};
use grantway_core::time::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::value::Datetime;

use crate::outcome::Failure;

/// A key by which a program asks, for one project or as a partner, who has all. Applied at each start: it takes the place
/// of the key that was declared under its name before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredApiKey {
    /// What people call it.
    pub(crate) name: String,
    /// The key whole, `prefix.secret`; the secret of 32 characters or more, drawn at random. Its digest is kept.
    #[serde(default, with = "on_the_wire::option")]
    #[schemars(with = "Option<String>")]
    key: Option<Secret>,
    /// The path of a file that holds the key, in the place of `key`.
    key_file: Option<PathBuf>,
    /// The `id` of the project that it is for.
    project: Option<String>,
    /// Is it a partner's key, for all projects and the registry? Default: false.
    #[serde(default)]
    partner: bool,
    /// What it may do: `connection_test`, `projects`, `api_keys`, separated by spaces. Default: whatever its holder
    /// may.
    scope: Option<String>,
    /// No longer good from then on, such as 2030-01-31T00:00:00Z. Default: never.
    #[schemars(with = "Option<String>")]
    expires_at: Option<Moment>,
    /// Where it is declared, for whoever has to mend it.
    #[serde(skip)]
    pub(crate) place: String,
}

/// A time as TOML has them, or between quotation marks.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Native(Datetime),
    Text(String),
}

/// A key as it is to be put where it is looked up.
#[derive(Debug)]
pub(crate) struct SettledApiKey {
    pub(crate) shown: Secret,
    pub(crate) wanted: NewApiKey,
}

impl DeclaredApiKey {
    /// The key it asks for.
    pub(crate) fn settle(&self) -> Result<SettledApiKey, Failure> {
        let shown = self.shown()?;
        let wanted = NewApiKey {
            name: name_of(&self.name)
                .map_err(|_| self.refused("name is not 1 to 120 characters on one line", "choose another"))?,
            holder: self.holder()?,
            scope: self.scope()?,
            expires_at: self.expires_at.as_ref().map(|moment| self.time(moment)).transpose()?,
        };
        Ok(SettledApiKey { shown, wanted })
    }

    /// Why there will be no such key.
    pub(crate) fn refused(&self, why: impl std::fmt::Display, next: &str) -> Failure {
        let what = format!("the API key {:?} cannot be used", self.name);
        Failure::configuration(what, why, next).at(&self.place)
    }

    fn shown(&self) -> Result<Secret, Failure> {
        let shown = match (&self.key, &self.key_file) {
            (Some(key), None) => key.clone(),
            (None, Some(path)) => {
                let text = fs::read_to_string(path).map_err(|fault| {
                    self.refused(fault, &format!("check that {} exists and can be read", path.display()))
                })?;
                Secret::new(text.trim())
            }
            (Some(_), Some(_)) => {
                return Err(self.refused("key and key_file are both given", "leave one out"));
            }
            (None, None) => return Err(self.refused("there is no key", "give key, or key_file")),
        };
        // RFC 6750 section 2.1: what can stand behind `Bearer`.
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        let long = shown.expose().split_once('.').is_some_and(|(_, secret)| secret.len() >= MIN_SECRET);
        if prefix_of(&shown).is_none() || !shown.expose().bytes().all(legal) || !long {
            return Err(self.refused(
                "it is not a prefix, one dot, and a secret of 32 characters or more, of letters, digits and -_~+/",
                "draw one: echo \"ci.$(openssl rand -hex 32)\"",
            ));
        }
        Ok(shown)
    }

    fn holder(&self) -> Result<ApiKeyHolder, Failure> {
        match (&self.project, self.partner) {
            (Some(id), false) => {
                let id =
                    id.parse().map_err(|_| self.refused("no project can have that id", "change project"))?;
                Ok(ApiKeyHolder::Project(id))
            }
            (None, true) => Ok(ApiKeyHolder::Partner),
            (Some(_), true) | (None, false) => Err(self.refused(
                "it has to be for one project, or for a partner, who has all",
                "give either project = \"…\" or partner = true",
            )),
        }
    }

    fn scope(&self) -> Result<ScopeSet, Failure> {
        let Some(text) = self.scope.as_deref() else { return Ok(ScopeSet::empty()) };
        narrowed_to(text).ok().filter(|scope| !scope.is_empty()).ok_or_else(|| {
            self.refused(
                format!("{text:?} narrows it to nothing that there is"),
                "give some of connection_test, projects, api_keys, separated by spaces, or leave scope out",
            )
        })
    }

    fn time(&self, moment: &Moment) -> Result<Timestamp, Failure> {
        let text = match moment {
            Moment::Native(time) => time.to_string(),
            Moment::Text(text) => text.clone(),
        };
        Timestamp::from_rfc3339(&text).ok_or_else(|| {
            self.refused(format!("{text:?} is no time in RFC 3339"), "write it like 2030-01-31T00:00:00Z")
        })
    }
}

/// 128 bits in hexadecimal digits.
const MIN_SECRET: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ci.0123456789abcdef0123456789abcdef";

    fn settle(rest: &str) -> Result<SettledApiKey, Failure> {
        let table: DeclaredApiKey = toml::from_str(&format!("name = \"CI\"\n{rest}")).unwrap();
        table.settle()
    }

    #[test]
    fn a_key_is_a_projects_or_a_partners() {
        let project =
            settle(&format!("key = \"{KEY}\"\nproject = \"acme\"\nscope = \"connection_test\"")).unwrap();
        let partner = settle(&format!("key = \"{KEY}\"\npartner = true")).unwrap();

        assert_eq!(project.wanted.holder, ApiKeyHolder::Project("acme".parse().unwrap()));
        assert_eq!(project.wanted.scope.to_string(), "connection_test");
        assert_eq!(partner.wanted.holder, ApiKeyHolder::Partner);
        assert!(partner.wanted.scope.is_empty());
        assert!(partner.shown.matches(KEY));
    }

    #[test]
    fn an_end_is_written_with_or_without_quotation_marks() {
        for (written, seconds) in [
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("\"2026-01-01T00:00:00Z\"", 1_767_225_600),
            ("2026-01-01T01:00:00+01:00", 1_767_225_600),
        ] {
            let table = format!("key = \"{KEY}\"\npartner = true\nexpires_at = {written}");
            let end = settle(&table).unwrap().wanted.expires_at;
            assert_eq!(end, Some(Timestamp::from_unix(seconds)), "{written}");
        }
    }

    #[test]
    fn what_can_be_no_key_is_refused_and_not_shown() {
        let key = |rest: &str| format!("key = \"{KEY}\"\n{rest}");
        for (table, why) in [
            ("partner = true".to_owned(), "there is no key"),
            (key("key_file = \"x\"\npartner = true"), "both given"),
            (key(""), "for one project, or for a partner"),
            (key("project = \"acme\"\npartner = true"), "for one project, or for a partner"),
            (key("project = \"\""), "no project can have that id"),
            (key("partner = true\nscope = \"everything\""), "narrows it to nothing"),
            (key("partner = true\nscope = \"\""), "narrows it to nothing"),
            (key("partner = true\nexpires_at = \"tomorrow\""), "no time"),
            (key("partner = true\nexpires_at = 2026-01-01"), "no time"),
            ("key = \"ci.tooshort\"\npartner = true".to_owned(), "32 characters"),
            (format!("key = \"{}\"\npartner = true", KEY.replace('.', "-")), "one dot"),
            (format!("key = \"{KEY}!\"\npartner = true"), "letters, digits"),
            ("key_file = \"no-such-file\"\npartner = true".to_owned(), "No such file"),
        ] {
            let failure = settle(&table).unwrap_err();
            assert!(failure.why.contains(why), "{table}: {}", failure.why);
            assert!(!format!("{failure:?}").contains("0123456789abcdef"), "{failure:?}");
        }
    }

    #[test]
    fn a_key_may_lie_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, format!("{KEY}\n")).unwrap();
        let settled = settle(&format!("key_file = {:?}\npartner = true", path.to_str().unwrap())).unwrap();
        assert!(settled.shown.matches(KEY));
    }
}
