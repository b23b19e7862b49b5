//! The environment: the path of a key in capitals, and with `_FILE` the file that holds its value.

use std::ffi::OsString;
use std::num::{NonZeroU32, ParseIntError};
use std::path::PathBuf;

use grantway_core::secret::Secret;

use super::outbound::OutboundTable;
use crate::bounded::{self, MOST_BYTES};
use crate::outcome::Failure;

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    pub(crate) server_listen: Option<String>,
    pub(crate) server_issuer: Option<String>,
    /// Separated by commas.
    pub(crate) server_allow_http_issuer: Option<Vec<String>>,
    /// Separated by commas.
    pub(crate) server_trusted_proxies: Option<Vec<String>>,
    /// Separated by commas.
    pub(crate) server_satellite_hosts: Option<Vec<String>>,
    pub(crate) server_tls_certificate: Option<String>,
    pub(crate) server_tls_key: Option<String>,
    pub(crate) server_name: Option<String>,
    pub(crate) server_theme: Option<String>,
    /// Seconds.
    pub(crate) server_refresh_grace: Option<u64>,
    /// Seconds.
    pub(crate) server_signing_key_lifetime: Option<u64>,
    pub(crate) server_cache_lookups: Option<bool>,
    pub(crate) database_url: Option<String>,
    pub(crate) database_migrate: Option<bool>,
    pub(crate) limits_api_requests_per_second: Option<NonZeroU32>,
    pub(crate) outbound: OutboundTable,
    pub(crate) mail_url: Option<String>,
    pub(crate) mail_from: Option<String>,
    pub(crate) mail_ca_bundle: Option<String>,
    pub(crate) mail_password: Option<Secret>,
    pub(crate) root_key: Option<Secret>,
}

impl Environment {
    /// Of this process.
    pub(crate) fn of_process() -> Result<Self, Failure> {
        Self::read(of_process)
    }

    /// Whom this process may ask, and nothing else of it: whoever has no use for a server's secrets does not read them.
    #[cfg(feature = "tools")]
    pub(crate) fn outbound_of_process() -> Result<OutboundTable, Failure> {
        outbound(&of_process)
    }

    fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Failure> {
        let value = |name: &str| one(name, &lookup);
        let list = |name: &str| list(name, &lookup);
        let switch = |name: &str| match value(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(Failure::configuration(
                format!("{name} is not understood"),
                format!("it is {other:?}"),
                "set it to true or false",
            )),
        };
        let seconds = |name: &str| {
            let text = value(name)?;
            text.as_deref().map(str::parse).transpose().map_err(|fault: ParseIntError| {
                Failure::configuration(
                    format!("{name} is not understood"),
                    fault,
                    "set it to whole seconds; docs/OPERATING.md says what 0 means",
                )
            })
        };
        let limit = |name: &str| {
            let text = value(name)?;
            text.as_deref().map(str::parse).transpose().map_err(|fault: ParseIntError| {
                Failure::configuration(
                    format!("{name} is not understood"),
                    fault,
                    "set it to a whole number, 1 or more",
                )
            })
        };
        Ok(Self {
            limits_api_requests_per_second: limit("GRANTWAY_LIMITS_API_REQUESTS_PER_SECOND")?,
            server_refresh_grace: seconds("GRANTWAY_SERVER_REFRESH_GRACE")?,
            server_signing_key_lifetime: seconds("GRANTWAY_SERVER_SIGNING_KEY_LIFETIME")?,
            server_cache_lookups: switch("GRANTWAY_SERVER_CACHE_LOOKUPS")?,
            server_listen: value("GRANTWAY_SERVER_LISTEN")?,
            server_issuer: value("GRANTWAY_SERVER_ISSUER")?,
            server_allow_http_issuer: list("GRANTWAY_SERVER_ALLOW_HTTP_ISSUER")?,
            server_trusted_proxies: list("GRANTWAY_SERVER_TRUSTED_PROXIES")?,
            server_satellite_hosts: list("GRANTWAY_SERVER_SATELLITE_HOSTS")?,
            server_tls_certificate: value("GRANTWAY_SERVER_TLS_CERTIFICATE")?,
            server_tls_key: value("GRANTWAY_SERVER_TLS_KEY")?,
            server_name: value("GRANTWAY_SERVER_NAME")?,
            server_theme: value("GRANTWAY_SERVER_THEME")?,
            database_url: value("GRANTWAY_DATABASE_URL")?,
            database_migrate: switch("GRANTWAY_DATABASE_MIGRATE")?,
            outbound: outbound(&lookup)?,
            mail_url: value("GRANTWAY_MAIL_URL")?,
            mail_from: value("GRANTWAY_MAIL_FROM")?,
            mail_ca_bundle: value("GRANTWAY_MAIL_CA_BUNDLE")?,
            mail_password: value("GRANTWAY_MAIL_PASSWORD")?.map(Secret::new),
            root_key: value("GRANTWAY_ROOT_KEY")?.map(Secret::new),
        })
    }
}

fn of_process(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn outbound(lookup: &impl Fn(&str) -> Option<OsString>) -> Result<OutboundTable, Failure> {
    Ok(OutboundTable {
        allow: list("GRANTWAY_OUTBOUND_ALLOW", lookup)?,
        ca_bundle: one("GRANTWAY_OUTBOUND_CA_BUNDLE", lookup)?.map(PathBuf::from),
        proxy: one("GRANTWAY_OUTBOUND_PROXY", lookup)?,
    })
}

/// What commas are between.
fn list(name: &str, lookup: &impl Fn(&str) -> Option<OsString>) -> Result<Option<Vec<String>>, Failure> {
    let split = |text: String| text.split(',').map(|one| one.trim().to_owned()).collect();
    Ok(one(name, lookup)?.map(split))
}

/// What is empty is as good as not set.
fn one(name: &str, lookup: &impl Fn(&str) -> Option<OsString>) -> Result<Option<String>, Failure> {
    let file = format!("{name}_FILE");
    let [value, path] = [name, &file].map(|name| lookup(name).filter(|value| !value.is_empty()));
    match (value, path) {
        (Some(_), Some(_)) => Err(Failure::configuration(
            format!("{name} is given twice"),
            format!("both {name} and {file} are set"),
            "unset one of them",
        )),
        (Some(value), None) => value.into_string().map(Some).map_err(|_| {
            Failure::configuration(
                format!("{name} is not understood"),
                "it is no text in UTF-8",
                format!("set it anew, or set {file} to the path of a file that holds it"),
            )
        }),
        (None, Some(path)) => {
            bounded::text(&path, MOST_BYTES).map(|text| Some(text.trim().to_owned())).map_err(|fault| {
                Failure::configuration(
                    format!("{file} cannot be read"),
                    fault,
                    format!("check that {} is a file that can be read", path.display()),
                )
            })
        }
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Exit;

    #[test]
    fn a_value_may_lie_in_a_file_but_not_in_two_places() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "sqlite::memory:\n").unwrap();
        let path = path.into_os_string();
        let only_file = |name: &str| (name == "GRANTWAY_DATABASE_URL_FILE").then(|| path.clone());
        let both = |name: &str| name.starts_with("GRANTWAY_DATABASE_URL").then(|| path.clone());

        assert_eq!(Environment::read(only_file).unwrap().database_url.as_deref(), Some("sqlite::memory:"));
        assert!(Environment::read(both).unwrap_err().why.contains("GRANTWAY_DATABASE_URL_FILE"));
    }

    #[test]
    fn what_is_empty_is_not_set() {
        let empty = |name: &str| name.starts_with("GRANTWAY_DATABASE_URL").then(OsString::new);
        assert_eq!(Environment::read(empty).unwrap().database_url, None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;

        let odd = |name: &str| (name == "GRANTWAY_SERVER_ISSUER").then(|| OsString::from_vec(vec![0xff]));
        let failure = Environment::read(odd).unwrap_err();
        assert_eq!(failure.exit, Exit::Configuration);
        assert!(failure.what.contains("GRANTWAY_SERVER_ISSUER"), "{}", failure.what);
    }

    #[test]
    fn a_limit_is_not_nothing() {
        let set = |value: &'static str| {
            move |name: &str| (name == "GRANTWAY_LIMITS_API_REQUESTS_PER_SECOND").then(|| value.into())
        };
        assert_eq!(Environment::read(set("5")).unwrap().limits_api_requests_per_second, NonZeroU32::new(5));
        assert!(Environment::read(set("0")).unwrap_err().why.contains("zero"));
    }

    #[test]
    fn a_switch_is_true_or_false() {
        let set = |value: &'static str| {
            move |name: &str| (name == "GRANTWAY_DATABASE_MIGRATE").then(|| value.into())
        };
        assert_eq!(Environment::read(set("false")).unwrap().database_migrate, Some(false));
        assert!(Environment::read(set("no")).is_err());
    }

    #[test]
    fn a_span_is_whole_seconds() {
        let set = |value: &'static str| {
            move |name: &str| (name == "GRANTWAY_SERVER_REFRESH_GRACE").then(|| value.into())
        };
        assert_eq!(Environment::read(set("0")).unwrap().server_refresh_grace, Some(0));
        assert!(Environment::read(set("30s")).is_err());
    }
}
