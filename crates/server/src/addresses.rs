//! Where our endpoints are, as every answer spells them.

use grantway_core::http::Place;
use url::Url;

/// The issuer and what is derived from it, once.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) issuer: String,
    pub(crate) place: Place,
    base: String,
}

impl Addresses {
    pub(crate) fn of(issuer: &str) -> Self {
        // What is no URL has no origin; then no form comes from it, and none is accepted.
        let place = Url::parse(issuer)
            .map_or_else(|_| Place { origin: issuer.to_owned(), root: String::new() }, |url| Place::of(&url));
        Self { issuer: issuer.to_owned(), place, base: issuer.trim_end_matches('/').to_owned() }
    }

    /// A whole URL for one of our paths.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

pub(crate) const AUTHORIZE: &str = "/oauth/authorize";
pub(crate) const TOKEN: &str = "/oauth/token";
pub(crate) const INTROSPECTION: &str = "/oauth/token_info";
pub(crate) const REVOCATION: &str = "/oauth/token/revoke";
pub(crate) const LOGOUT: &str = "/oauth/logout";
pub(crate) const USERINFO: &str = "/oauth/userinfo";
pub(crate) const CONSENT: &str = "/v1/me/oauth/consent";
pub(crate) const JWKS: &str = "/.well-known/jwks.json";
pub(crate) const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
pub(crate) const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_slash_whatever_the_issuer_ends_in() {
        for (issuer, local) in [
            ("https://op.test", "/oauth/token"),
            ("https://op.test/", "/oauth/token"),
            ("https://op.test/tenants/one", "/tenants/one/oauth/token"),
            ("https://op.test/one/", "/one/oauth/token"),
        ] {
            let addresses = Addresses::of(issuer);
            assert_eq!(addresses.absolute(TOKEN), format!("https://op.test{local}"));
            assert_eq!(addresses.place.at(TOKEN), local);
            assert_eq!(addresses.place.origin, "https://op.test");
            assert_eq!(addresses.issuer, issuer);
        }
    }
}
