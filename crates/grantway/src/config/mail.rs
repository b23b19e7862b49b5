//! `[mail]`: by which server messages to people are sent, and in whose name.

use std::fs;
use std::path::{Path, PathBuf};

use grantway_core::error::Malformed;
use grantway_core::http::Form;
use grantway_core::loopback::is_loopback;
use grantway_core::secret::Secret;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::Certificate;
use schemars::JsonSchema;
use serde::Deserialize;
use url::{Host, Url};

use crate::outcome::Failure;

/// By which server people are written to, and in whose name. Without it nobody is, and no reset is offered.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailTable {
    /// `smtps://user@host:465`, or `smtp://user@host:587` with STARTTLS; the password is in the environment.
    pub(crate) url: Option<String>,
    /// Who writes: `Name <address>`.
    pub(crate) from: Option<String>,
    /// The path of a PEM file with certificates that are trusted besides those that browsers trust.
    pub(crate) ca_bundle: Option<PathBuf>,
}

/// What sending takes.
#[derive(Clone, Debug)]
pub(crate) struct MailSettings {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    /// Who sends, to the server.
    pub(crate) login: Option<(String, Secret)>,
    /// Who writes, to people.
    pub(crate) from: Mailbox,
    /// Trusted beside those that browsers trust.
    pub(crate) authorities: Option<Certificate>,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// From its first byte (RFC 8314 section 3.3).
    Tls,
    /// By STARTTLS (RFC 3207), or nothing is sent.
    StartTls,
    /// Not at all: it does not leave this machine.
    Loopback,
}

impl MailSettings {
    /// None if no mail is to be sent.
    pub(crate) fn settle(table: MailTable, password: Option<Secret>) -> Result<Option<Self>, Failure> {
        let MailTable { url, from, ca_bundle } = table;
        let (url, from) = match (url, from) {
            (None, None) if ca_bundle.is_none() && password.is_none() => return Ok(None),
            (Some(url), Some(from)) => (url, from),
            (None, _) => return Err(incomplete("url", "url = \"smtps://grantway@mail.example.com\"")),
            (Some(_), None) => return Err(incomplete("from", "from = \"login@example.com\"")),
        };
        let from = from.parse().map_err(|fault| {
            Failure::configuration(
                format!("[mail] from is {from:?}, and nobody can write in that name"),
                fault,
                "give an email address, or: Name <address>",
            )
        })?;
        let authorities = ca_bundle.as_deref().map(authorities).transpose()?;
        // The password of a URL that is refused is not shown.
        let refuse = |why: &str, next: &str| {
            Err(Failure::configuration("[mail] url cannot be used".to_owned(), why, next))
        };
        let Ok(url) = Url::parse(&url) else { return refuse("it is no URL", EXAMPLE) };
        let (Some(host), true) = (host(&url), matches!(url.scheme(), "smtps" | "smtp")) else {
            return refuse("it begins with neither smtps:// nor smtp:// and a host", EXAMPLE);
        };
        if url.password().is_some() {
            return refuse("there is a password in it", "leave it out and set GRANTWAY_MAIL_PASSWORD");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return refuse("something follows the host and the port", EXAMPLE);
        }
        let Ok(user) = user(&url) else { return refuse("its user name cannot be read", EXAMPLE) };
        let login = match (user, password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some((user, password)),
            (Some(_), None) => {
                return refuse("it names a user without a password", "set GRANTWAY_MAIL_PASSWORD");
            }
            (None, Some(_)) => {
                return refuse(
                    "there is a password, and no user in it",
                    "write smtps://user@host, or unset it",
                );
            }
        };
        let security = match url.scheme() {
            "smtps" => Security::Tls,
            // Whoever names an authority wants to know whom he speaks to, here too.
            _ if host.is_loopback && authorities.is_none() => Security::Loopback,
            _ => Security::StartTls,
        };
        let port = url.port().unwrap_or(match security {
            Security::Tls => 465,
            Security::StartTls | Security::Loopback => 587,
        });
        Ok(Some(Self { host: host.name, port, security, login, from, authorities }))
    }
}

struct ServerHost {
    name: String,
    is_loopback: bool,
}

/// The parser leaves the host of a scheme it does not know as it was written.
fn host(url: &Url) -> Option<ServerHost> {
    let name = url.host_str().filter(|name| !name.is_empty())?;
    let host = Host::parse(name).ok()?;
    let is_loopback = is_loopback(&host);
    // Without the brackets that an address has in a URL.
    let name = match host {
        Host::Domain(name) => name,
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    };
    Some(ServerHost { name, is_loopback })
}

/// Absent if the URL has none.
fn user(url: &Url) -> Result<Option<String>, Malformed> {
    let Some(encoded) = Some(url.username()).filter(|user| !user.is_empty()) else { return Ok(None) };
    // A plus is a plus here, as in `ada+mail@example.com`.
    let pair = format!("user={}", encoded.replace('+', "%2B"));
    let form = Form::parse(pair.as_bytes()).map_err(|_| Malformed("user"))?;
    form.one("user").map(|user| user.map(str::to_owned)).map_err(|_| Malformed("user"))
}

fn authorities(path: &Path) -> Result<Certificate, Failure> {
    let refuse = |why: String| {
        Failure::configuration(
            format!("[mail] ca_bundle {} cannot be used", path.display()),
            why,
            "name a file with the certificates of the authority, as PEM",
        )
    };
    let pem = fs::read(path).map_err(|fault| refuse(fault.to_string()))?;
    if !pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return Err(refuse("there is no certificate in it".to_owned()));
    }
    Certificate::from_pem(&pem).map_err(|fault| refuse(fault.to_string()))
}

fn incomplete(missing: &str, example: &str) -> Failure {
    Failure::configuration(
        format!("[mail] has no {missing}"),
        "mail is sent by a server and in somebody's name",
        format!("add {example}, or leave [mail] and GRANTWAY_MAIL_… out"),
    )
}

const EXAMPLE: &str = "give one like smtps://grantway@mail.example.com or smtp://mail.example.com:587";
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(url: &str, password: Option<&str>) -> Result<Option<MailSettings>, Failure> {
        let table = MailTable {
            url: Some(url.into()),
            from: Some("Login <login@example.com>".into()),
            ca_bundle: None,
        };
        MailSettings::settle(table, password.map(Secret::new))
    }

    #[test]
    fn a_url_says_where_and_how_and_as_whom() {
        for (url, host, port, security, user) in [
            ("smtps://ada@mail.example.com", "mail.example.com", 465, Security::Tls, Some("ada")),
            (
                "smtps://ada%40example.com@mail.test:1465",
                "mail.test",
                1465,
                Security::Tls,
                Some("ada@example.com"),
            ),
            ("smtp://a+b@mail.test", "mail.test", 587, Security::StartTls, Some("a+b")),
            ("smtp://mail.test:25/", "mail.test", 25, Security::StartTls, None),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::Loopback, None),
            ("smtp://localhost", "localhost", 587, Security::Loopback, None),
            ("smtp://[::1]:25", "::1", 25, Security::Loopback, None),
            ("smtps://localhost", "localhost", 465, Security::Tls, None),
        ] {
            let settings = settle(url, user.map(|_| "sesame")).unwrap().unwrap();

            assert_eq!((&*settings.host, settings.port, settings.security), (host, port, security), "{url}");
            assert_eq!(settings.login.as_ref().map(|(user, _)| &**user), user, "{url}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_a_password_is_not_repeated() {
        for (url, password, why) in [
            ("mail.example.com", None, "no URL"),
            ("https://mail.example.com", None, "neither smtps"),
            ("smtp:mail.example.com", None, "neither smtps"),
            ("smtps://ada:hush@mail.test", None, "a password in it"),
            ("smtps://ada@mail.test", None, "without a password"),
            ("smtps://mail.test", Some("sesame"), "no user"),
            ("smtps://a%ff@mail.test", Some("sesame"), "cannot be read"),
            ("smtp://mail.test/?tls=none", None, "follows the host"),
        ] {
            let failure = settle(url, password).unwrap_err();

            assert!(failure.why.contains(why), "{url}: {}", failure.why);
            assert!(!format!("{failure:?}").contains("hush"), "{failure:?}");
        }
    }

    #[test]
    fn without_a_server_or_a_name_there_is_no_mail() {
        let table = |url: Option<&str>, from: Option<&str>| MailTable {
            url: url.map(str::to_owned),
            from: from.map(str::to_owned),
            ca_bundle: None,
        };
        assert!(MailSettings::settle(table(None, None), None).unwrap().is_none());
        for (url, from, what) in [
            (Some("smtp://localhost"), None, "no from"),
            (None, Some("a@b.test"), "no url"),
            (Some("smtp://localhost"), Some("nobody"), "nobody can write"),
        ] {
            let failure = MailSettings::settle(table(url, from), None).unwrap_err();
            assert!(failure.what.contains(what), "{}", failure.what);
        }
        assert!(MailSettings::settle(table(None, None), Some(Secret::new("x"))).is_err());
    }

    #[test]
    fn a_bundle_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(authorities(&path).is_err());
        fs::write(&path, "nothing").unwrap();
        assert!(authorities(&path).unwrap_err().why.contains("no certificate"));
    }
}
