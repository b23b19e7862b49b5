//! Where our endpoints are, as every answer spells them.

use url::Url;

/// The issuer and what is derived from it, once.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) issuer: String,
    /// As browsers write it in `Origin`.
    pub(crate) origin: String,
    /// The issuer's path, without a slash at its end; empty if it has none.
    pub(crate) root: String,
    base: String,
}

impl Addresses {
    pub(crate) fn of(issuer: &str) -> Self {
        // What is no URL has no origin; then no form comes from it, and none is accepted.
        let origin =
            Url::parse(issuer).map_or_else(|_| issuer.to_owned(), |url| url.origin().ascii_serialization());
        let root = Url::parse(issuer)
            .map_or_else(|_| String::new(), |url| url.path().trim_end_matches('/').to_owned());
        Self { issuer: issuer.to_owned(), origin, root, base: issuer.trim_end_matches('/').to_owned() }
    }

    /// One of our paths, as browsers ask for it.
    pub(crate) fn local(&self, path: &str) -> String {
        format!("{}{path}", self.root)
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
            assert_eq!(addresses.local(TOKEN), local);
            assert_eq!(addresses.origin, "https://op.test");
            assert_eq!(addresses.issuer, issuer);
        }
    }
}
