use std::collections::BTreeSet;

use serde::Deserialize;

use super::pages::Pages;

/// Who plays: the clients that are registered at the issuer, the person, and how its pages are answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// Who signs in.
    pub person: Account,
    /// What is special about the issuer's pages; plain forms need nothing.
    #[serde(default)]
    pub pages: Pages,
    /// At least two that use `client_secret_basic`.
    #[serde(rename = "client")]
    pub clients: Vec<Client>,
}

/// An account at the issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What is typed in as the name.
    pub username: String,
    /// And as the password.
    pub password: String,
}

/// A client as it is registered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Where codes go. Nobody need listen there.
    pub redirect_uri: String,
    /// Where a person goes who has signed out.
    pub post_logout_redirect_uri: Option<String>,
    /// How it may prove who it is.
    pub token_endpoint_auth_methods: Vec<AuthMethod>,
    /// What its ID tokens are signed by; RS256 if nothing was registered.
    #[serde(default = "rs256")]
    pub id_token_signed_response_alg: String,
    /// Send a `code_challenge` in every request, for issuers that insist on it.
    #[serde(default)]
    pub pkce: bool,
}

fn rs256() -> String {
    "RS256".to_owned()
}

/// How a client proves who it is (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum AuthMethod {
    /// In a header.
    ClientSecretBasic,
    /// In the body.
    ClientSecretPost,
}

impl AuthMethod {
    /// The registered name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }
}

impl Cast {
    /// Reads a clients file.
    ///
    /// # Errors
    /// In words, if it is none, or nobody could play with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let cast: Self = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let ids: BTreeSet<_> = cast.clients.iter().map(|client| &client.client_id).collect();
        if ids.len() != cast.clients.len() {
            return Err("two clients have the same client_id".to_owned());
        }
        for client in &cast.clients {
            let addresses = std::iter::once(&client.redirect_uri).chain(&client.post_logout_redirect_uri);
            for address in addresses {
                url::Url::parse(address).map_err(|fault| format!("{address:?} is no URL: {fault}"))?;
            }
        }
        Ok(cast)
    }

    /// The clients that sign in, by one of the ways to prove who they are; those whose ID tokens are not
    /// signed take part in one module alone.
    pub(crate) fn using(&self, method: AuthMethod) -> impl Iterator<Item = &Client> {
        self.clients.iter().filter(move |client| {
            client.token_endpoint_auth_methods.contains(&method)
                && client.id_token_signed_response_alg != UNSIGNED
        })
    }

    /// The client whose ID tokens are not signed, if the issuer has such clients.
    pub(crate) fn unsigned(&self) -> Option<&Client> {
        self.clients.iter().find(|client| client.id_token_signed_response_alg == UNSIGNED)
    }
}

/// The `alg` of RFC 7518 section 3.6.
pub(crate) const UNSIGNED: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_play_is_refused_in_words() {
        let client = |id: &str, redirect_uri: &str| {
            format!(
                "[[client]]\nclient_id = {id:?}\nclient_secret = \"s\"\nredirect_uri = {redirect_uri:?}\n\
                 token_endpoint_auth_methods = [\"client_secret_basic\"]\n"
            )
        };
        let person = "[person]\nusername = \"ada\"\npassword = \"p\"\n";
        for (clients, why) in [
            (String::new(), "missing field `client`"),
            (client("a", "/cb"), "\"/cb\" is no URL"),
            (client("a", "https://a.test/") + &client("a", "https://b.test/"), "the same client_id"),
            (client("a", "https://a.test/") + "secret = 1", "unknown field `secret`"),
        ] {
            let refused = Cast::parse(&format!("{person}{clients}")).unwrap_err();
            assert!(refused.contains(why), "{clients}: {refused}");
        }
    }
}
