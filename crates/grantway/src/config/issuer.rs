//! The provider's name on the web.

use grantway_core::http::Place;
use grantway_core::loopback::is_loopback;
use url::{Host, Url};

use crate::outcome::Failure;

/// A name that passed, byte for byte as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issuer {
    name: String,
    host: String,
    place: Place,
    loopback: bool,
    https: bool,
}

impl Issuer {
    /// `https`, or `http` on loopback or one of `allow_http`; without query, fragment, user
    /// information (OpenID Connect Discovery section 3).
    pub(crate) fn new(name: &str, allow_http: &[String]) -> Result<Self, Failure> {
        let refuse = |why: &str, next: &str| {
            Err(Failure::configuration(format!("the issuer {name:?} cannot be used"), why, next))
        };
        let Ok(url) = Url::parse(name) else {
            return refuse("it is no URL", "give one like https://login.example.com");
        };
        let (Some(host), true) = (url.host(), matches!(url.scheme(), "https" | "http")) else {
            return refuse("it is no web address", "give one like https://login.example.com");
        };
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it has a query or a fragment", "leave out everything from ? or # on");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds a user name", "leave out everything before the @");
        }
        if !is_plain(&url, name) {
            return refuse(
                "its path could be spelt in more than one way",
                "use letters, digits, - . _ and ~ between single slashes",
            );
        }
        if name.ends_with('/') {
            return refuse(
                "it ends in a slash, and clients compare issuers byte for byte",
                "leave the last slash out",
            );
        }
        let loopback = is_loopback(&host);
        let unspecified = match &host {
            Host::Domain(_) => false,
            Host::Ipv4(ip) => ip.is_unspecified(),
            Host::Ipv6(ip) => ip.is_unspecified(),
        };
        if unspecified {
            return refuse(
                "nobody can reach that address",
                "name the host that people reach it by, with --issuer",
            );
        }
        let host = host.to_string();
        if url.scheme() == "http" && !loopback && !allow_http.contains(&host) {
            return refuse(
                "it is http, and not on loopback",
                "use https, or name the host in [server] allow_http_issuer",
            );
        }
        Ok(Self {
            name: name.to_owned(),
            host,
            place: Place::of(&url),
            loopback,
            https: url.scheme() == "https",
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }

    /// Below what all of the provider's paths are: its own path, or nothing.
    pub(crate) fn root(&self) -> &str {
        &self.place.root
    }

    /// Without the port, in lower case.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// As browsers write it in `Origin`.
    pub(crate) fn origin(&self) -> &str {
        &self.place.origin
    }

    /// May browsers be told to come by https and by nothing else? On loopback that would bind every other
    /// program that is tried out there.
    pub(crate) const fn is_to_be_reached_by_https_alone(&self) -> bool {
        self.https && !self.loopback
    }

    /// Can only this machine reach it?
    pub(crate) const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Is there only one way to write its path? Clients compare it byte for byte, and proxies may not.
fn is_plain(url: &Url, name: &str) -> bool {
    let path = url.path().strip_suffix('/').unwrap_or(url.path());
    let segments = path.split('/').skip(1);
    let plain = |segment: &str| {
        !segment.is_empty()
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    // Dot segments are gone from what was parsed.
    let written = name.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let written = written.unwrap_or_default();
    written.strip_suffix('/').unwrap_or(written) == path && segments.into_iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_web_address_is_an_issuer() {
        let allowed = ["idp.internal".to_owned()];
        for (name, good) in [
            ("https://login.example.com", true),
            ("https://login.example.com:8443", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost:8080", true),
            ("http://idp.internal", true),
            ("http://login.example.com", false),
            ("https://login.example.com/", false),
            ("https://login.example.com/tenant", true),
            ("https://login.example.com/tenants/one-1.2_3~", true),
            ("https://login.example.com/tenant/", false),
            ("https://login.example.com/a//b", false),
            ("https://login.example.com/a/../b", false),
            ("https://login.example.com/a%2fb", false),
            ("https://login.example.com/a b", false),
            ("https://login.example.com/{a}", false),
            ("https://login.example.com?x", false),
            ("https://login.example.com#x", false),
            ("https://user@login.example.com", false),
            ("https://0.0.0.0:8443", false),
            ("https://[::]:8443", false),
            ("ftp://login.example.com", false),
            ("login.example.com", false),
            ("", false),
        ] {
            assert_eq!(Issuer::new(name, &allowed).is_ok(), good, "{name}");
        }
    }

    #[test]
    fn it_is_kept_byte_for_byte() {
        assert_eq!(
            Issuer::new("https://LOGIN.example.com", &[]).unwrap().as_str(),
            "https://LOGIN.example.com"
        );
    }

    #[test]
    fn its_origin_is_spelt_as_browsers_spell_it() {
        for (name, origin) in [
            ("https://LOGIN.example.com:443", "https://login.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(Issuer::new(name, &[]).unwrap().origin(), origin);
        }
    }
}
