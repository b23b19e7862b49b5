//! What the operator wants: flags beat the environment, the environment beats the file.

mod account;
pub(crate) mod api_key;
mod application;
mod claims;
mod environment;
mod file;
mod flags;
pub(crate) mod issuer;
mod limits;
pub(crate) mod mail;
mod networks;
mod outbound;
mod pages;
mod project;
mod proxies;
pub(crate) mod schema;
mod tls;

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use grantway_core::api_key::prefix_of;
use grantway_core::secret::Secret;
use grantway_jose::keyring::Rotation;
use toml::Spanned;

pub(crate) use self::account::DeclaredAccount;
pub(crate) use self::api_key::DeclaredApiKey;
pub(crate) use self::application::DeclaredApplication;
pub(crate) use self::environment::Environment;
pub(crate) use self::file::File;
pub(crate) use self::flags::{HomeFlags, ServeFlags};
pub(crate) use self::outbound::Outbound;
#[cfg(feature = "tools")]
use self::outbound::OutboundTable;
pub(crate) use self::pages::PagesSettings;
pub(crate) use self::project::DeclaredProject;
pub(crate) use self::proxies::TrustedProxies;
pub(crate) use self::tls::TlsFiles;

use crate::config::issuer::Issuer;
use crate::config::mail::{MailSettings, MailTable};
use crate::outcome::Failure;

/// Everything settled, nothing acted upon.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) data: PathBuf,
    pub(crate) database_url: Option<String>,
    pub(crate) migrate: bool,
    pub(crate) root_key: Option<Secret>,
    pub(crate) listen: String,
    /// In plain text if there are none.
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) issuer: Option<String>,
    pub(crate) allow_http_issuer: Vec<String>,
    /// Who is believed to say where a request came from.
    pub(crate) trusted_proxies: TrustedProxies,
    /// Where nothing of the protocol is answered.
    pub(crate) satellite_hosts: Vec<String>,
    /// What every page has in common.
    pub(crate) pages: PagesSettings,
    /// How long a spent refresh token is answered again with its successor.
    pub(crate) refresh_grace: Duration,
    /// How often signing keys change.
    pub(crate) rotation: Rotation,
    /// Are applications and accounts that were read remembered until they change?
    pub(crate) cache_lookups: bool,
    /// Requests to the API, of all callers together.
    #[cfg_attr(not(feature = "doctor"), expect(dead_code, reason = "nobody asks for connection tests"))]
    pub(crate) api_requests_per_second: Option<NonZeroU32>,
    /// Whom it may ask.
    pub(crate) outbound: Outbound,
    /// How people are written to; absent: they are not.
    pub(crate) mail: Option<MailSettings>,
    pub(crate) demo: bool,
    pub(crate) accounts: Vec<DeclaredAccount>,
    pub(crate) applications: Vec<DeclaredApplication>,
    pub(crate) projects: Vec<DeclaredProject>,
    pub(crate) api_keys: Vec<DeclaredApiKey>,
}

impl Config {
    /// For `serve`, from this process's environment and working directory.
    pub(crate) fn load(flags: ServeFlags) -> Result<Self, Failure> {
        let environment = Environment::of_process()?;
        let file = File::find(flags.home.config.as_deref(), Path::new(""))?;
        Self::settle(flags, environment, file)
    }

    /// For commands that only need the database.
    pub(crate) fn load_home(home: HomeFlags) -> Result<Self, Failure> {
        Self::load(ServeFlags { home, ..ServeFlags::default() })
    }

    /// For commands that only ask others: what the named file has, else the one in the folder of the person's settings
    /// if she has any. The folder she happens to be in may be somebody else's.
    #[cfg(feature = "tools")]
    pub(crate) fn load_outbound(named: Option<&Path>, folder: Option<&Path>) -> Result<Outbound, Failure> {
        let outbound = match (named, folder) {
            (None, None) => OutboundTable::default(),
            (Some(named), _) => File::find(Some(named), Path::new(""))?.outbound,
            (None, Some(folder)) => File::find(None, folder)?.outbound.within(folder),
        };
        Outbound::settle(outbound.under(Environment::outbound_of_process()?))
    }

    /// What is wrong with what it declares, as far as that can be seen without a database.
    pub(crate) fn faults(&self) -> Vec<Failure> {
        let issuer = self.issuer.as_deref().map(|name| Issuer::new(name, &self.allow_http_issuer));
        let satellite = issuer.as_ref().and_then(|issuer| issuer.as_ref().ok()).and_then(|issuer| {
            let host = issuer.host();
            let own = self
                .satellite_hosts
                .iter()
                .find(|satellite| satellite.trim_end_matches('.').eq_ignore_ascii_case(host))?;
            Some(Failure::configuration(
                format!("satellite_hosts has {own:?}"),
                "it is the issuer's own host, and nothing would be answered there",
                "leave it out",
            ))
        });
        let no_host = self.satellite_hosts.iter().filter(|satellite| {
            !satellite.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        });
        let no_host = no_host.map(|satellite| {
            Failure::configuration(
                format!("satellite_hosts has {satellite:?}"),
                "it is no host alone, so no request would ever be for it",
                "leave scheme, port and path out, and write it in ASCII",
            )
        });
        let applications = self.applications.iter().filter_map(|application| application.client().err());
        let declared = self.applications.iter();
        let client_ids =
            declared.map(|application| (application.client_id.as_str(), application.place.as_str()));
        let names: Vec<_> = self.accounts.iter().map(|account| (account.names(), &*account.place)).collect();
        let good = || names.iter().filter_map(|(names, place)| Some((names.as_ref().ok()?, *place)));
        let usernames = good().map(|(names, place)| (names.username.as_str(), place));
        let emails = good().filter_map(|(names, place)| Some((names.email.as_deref()?, place)));
        let client_ids = twice("application", "the later would take the place of the earlier", client_ids);
        let usernames = twice("account", "the later would never be made", usernames);
        let emails = twice("email", "the later account would never be made", emails);
        let issuer = issuer.and_then(Result::err);
        issuer
            .into_iter()
            .chain(satellite)
            .chain(no_host)
            .chain(self.pages.shell().err())
            .chain(applications)
            .chain(names.into_iter().filter_map(|(names, _)| names.err()))
            .chain(client_ids)
            .chain(usernames)
            .chain(emails)
            .chain(self.faults_of_projects())
            .collect()
    }

    fn faults_of_projects(&self) -> Vec<Failure> {
        let Self { projects, api_keys, .. } = self;
        let ids = projects.iter().map(|project| (project.id.as_str(), project.place.as_str()));
        let ids = twice("project", "the later would take the name of the earlier", ids);
        let settled: Vec<_> = api_keys.iter().map(|key| (key.settle(), &*key.place)).collect();
        let good = || settled.iter().filter_map(|(key, place)| Some((key.as_ref().ok()?, *place)));
        let names = good().map(|(key, place)| (key.wanted.name.as_str(), place));
        let names = twice("API key", "the later would take the place of the earlier", names);
        let prefixes: Vec<_> =
            good().filter_map(|(key, place)| Some((prefix_of(&key.shown)?, place))).collect();
        let prefixes = prefixes.iter().map(|(prefix, place)| (prefix.as_str(), *place));
        let prefixes = twice("prefix", "the later key would take the place of the earlier", prefixes);
        let faults = projects.iter().filter_map(|project| project.settle().err());
        let faults = faults.chain(settled.into_iter().filter_map(|(key, _)| key.err()));
        faults.chain(ids).chain(names).chain(prefixes).collect()
    }

    fn settle(flags: ServeFlags, environment: Environment, file: File) -> Result<Self, Failure> {
        let ServeFlags { home, listen, issuer, demo } = flags;
        let File { server, database, limits, outbound, mail, account, application, project, api_key } = file;
        let mail = MailTable {
            url: environment.mail_url.or(mail.url),
            from: environment.mail_from.or(mail.from),
            ca_bundle: environment.mail_ca_bundle.map(PathBuf::from).or(mail.ca_bundle),
        };
        Ok(Self {
            api_requests_per_second: environment
                .limits_api_requests_per_second
                .or(limits.api_requests_per_second),
            outbound: Outbound::settle(outbound.under(environment.outbound))?,
            data: home.data,
            database_url: home.database_url.or(environment.database_url).or(database.url),
            migrate: environment.database_migrate.or(database.migrate).unwrap_or(true),
            root_key: environment.root_key,
            listen: listen
                .or(environment.server_listen)
                .or(server.listen)
                .unwrap_or_else(|| DEFAULT_LISTEN.to_owned()),
            tls: TlsFiles::settle(
                environment.server_tls_certificate.or(server.tls_certificate),
                environment.server_tls_key.or(server.tls_key),
            )?,
            issuer: issuer.or(environment.server_issuer).or(server.issuer),
            allow_http_issuer: environment
                .server_allow_http_issuer
                .or(server.allow_http_issuer)
                .unwrap_or_default(),
            satellite_hosts: environment
                .server_satellite_hosts
                .or(server.satellite_hosts)
                .unwrap_or_default(),
            trusted_proxies: TrustedProxies::parse(
                &environment.server_trusted_proxies.or(server.trusted_proxies).unwrap_or_default(),
            )?,
            pages: PagesSettings {
                name: environment.server_name.or(server.name),
                theme: environment.server_theme.or(server.theme).map(PathBuf::from),
            },
            refresh_grace: environment
                .server_refresh_grace
                .or(server.refresh_grace)
                .map_or(DEFAULT_REFRESH_GRACE, Duration::from_secs),
            cache_lookups: environment.server_cache_lookups.or(server.cache_lookups).unwrap_or(true),
            mail: MailSettings::settle(mail, environment.mail_password)?,
            demo,
            accounts: account.into_iter().map(Spanned::into_inner).collect(),
            applications: application.into_iter().map(Spanned::into_inner).collect(),
            projects: project.into_iter().map(Spanned::into_inner).collect(),
            api_keys: api_key.into_iter().map(Spanned::into_inner).collect(),
            rotation: rotation(environment.server_signing_key_lifetime.or(server.signing_key_lifetime))?,
        })
    }
}

/// A fault for each name that stands there before, at the place of the later.
fn twice<'a>(what: &str, why: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Failure> {
    let mut seen = HashSet::new();
    let again = names.filter(|(name, _)| !seen.insert(*name)).map(|(name, place)| {
        let what = format!("the {what} {name:?} is declared twice");
        Failure::configuration(what, why, "leave one of them out").at(place)
    });
    again.collect()
}

fn rotation(seconds: Option<u64>) -> Result<Rotation, Failure> {
    match seconds.map(Duration::from_secs) {
        None => Ok(Rotation::USUAL),
        Some(Duration::ZERO) => Ok(Rotation { every: None }),
        Some(every) if every >= Rotation::SHORTEST => Ok(Rotation { every: Some(every) }),
        Some(_) => Err(Failure::configuration(
            "signing_key_lifetime is too short",
            "a new key is published for a while before it signs",
            format!("give at least {} seconds, or 0 for no rotation", Rotation::SHORTEST.as_secs()),
        )),
    }
}

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const DEFAULT_REFRESH_GRACE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File::parse(text, "grantway.toml").unwrap()
    }

    #[test]
    fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
        let written = "[server]\nlisten = \"127.0.0.1:1\"\nissuer = \"https://file.test\"\n";
        let environment =
            || Environment { server_listen: Some("127.0.0.1:2".into()), ..Environment::default() };
        let flags = ServeFlags { listen: Some("127.0.0.1:3".into()), ..ServeFlags::default() };

        let all = Config::settle(flags, environment(), file(written)).unwrap();
        let two = Config::settle(ServeFlags::default(), environment(), file(written)).unwrap();
        let one = Config::settle(ServeFlags::default(), Environment::default(), file(written)).unwrap();
        let none = Config::settle(ServeFlags::default(), Environment::default(), file("")).unwrap();

        assert_eq!(all.listen, "127.0.0.1:3");
        assert_eq!(two.listen, "127.0.0.1:2");
        assert_eq!(one.listen, "127.0.0.1:1");
        assert_eq!(one.issuer.as_deref(), Some("https://file.test"));
        assert_eq!(none.listen, DEFAULT_LISTEN);
        assert!(none.migrate);
    }

    #[test]
    fn of_two_that_are_declared_alike_the_later_is_named() {
        let written = "[[project]]\nid = \"acme\"\n[[project]]\nid = \"acme\"\n\
                       [[api_key]]\nname = \"CI\"\nkey = \"ci.0123456789abcdef0123456789abcdef\"\npartner = true\n\
                       [[api_key]]\nname = \" CI\"\nkey = \"ci.0123456789abcdef0123456789abcdee\"\npartner = true\n";
        let config = Config::settle(ServeFlags::default(), Environment::default(), file(written)).unwrap();

        let faults: Vec<_> = config.faults().into_iter().map(|fault| fault.what).collect();

        assert_eq!(
            faults,
            [
                "the project \"acme\" is declared twice (grantway.toml line 3)",
                "the API key \"CI\" is declared twice (grantway.toml line 9)",
                "the prefix \"ci\" is declared twice (grantway.toml line 9)",
            ]
        );
    }

    #[test]
    fn keys_change_every_ninety_days_or_as_told_but_not_faster_than_readers_can_follow() {
        for (seconds, every) in [
            (None, Rotation::USUAL),
            (Some(0), Rotation { every: None }),
            (Some(3600), Rotation { every: Some(Rotation::SHORTEST) }),
        ] {
            assert_eq!(rotation(seconds).unwrap(), every, "{seconds:?}");
        }
        assert!(rotation(Some(3599)).unwrap_err().next.contains("3600"));
    }
}
