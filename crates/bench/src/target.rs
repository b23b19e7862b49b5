//! Whom the load asks, and as which application: what is the same for every server.

use std::net::SocketAddr;

use serde_json::Value;
use url::Url;

use crate::http::{Connection, Wrong};

/// A server, an application it knows, and a person with an account there.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) endpoints: Endpoints,
    pub(crate) application: Application,
    pub(crate) person: Person,
}

/// Paths, as the metadata names them.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) userinfo: String,
    pub(crate) jwks: String,
}

/// Confidential; its secret travels in the form.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) client_id: &'static str,
    pub(crate) client_secret: &'static str,
    pub(crate) redirect_uri: &'static str,
    /// What a person is asked for.
    pub(crate) scope: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) username: &'static str,
    pub(crate) password: &'static str,
}

/// The application that signs everything with ES256.
pub(crate) const ES256: Application = Application {
    client_id: "bench",
    client_secret: "a-secret-of-the-bench-0123456789abcdef",
    redirect_uri: "https://client.example/callback",
    scope: "openid",
};

/// The application that leaves the ID token's algorithm at the standard's default.
pub(crate) const RS256: Application = Application { client_id: "bench-rs256", ..ES256 };

pub(crate) const ADA: Person = Person { username: "ada", password: "correct horse battery staple" };

/// Where every provider says the rest (OpenID Connect Discovery section 4).
pub(crate) const METADATA: &str = "/.well-known/openid-configuration";

impl Target {
    /// Reads the metadata, so that no path is known beforehand.
    pub(crate) async fn at(address: SocketAddr, application: Application) -> Result<Self, Wrong> {
        let mut connection = Connection::open(address).await?;
        let metadata = connection.ask(&get(address, METADATA, "")).await?.expect(200)?;
        let metadata: Value = serde_json::from_slice(&metadata.body)?;
        let path = |member: &str| {
            let url = metadata[member].as_str().ok_or_else(|| Wrong::new(format_args!("no {member}")))?;
            let path = Url::parse(url)?.path().to_owned();
            Ok::<_, Wrong>(path)
        };
        let endpoints = Endpoints {
            authorization: path("authorization_endpoint")?,
            token: path("token_endpoint")?,
            userinfo: path("userinfo_endpoint")?,
            jwks: path("jwks_uri")?,
        };
        Ok(Self { address, endpoints, application, person: ADA })
    }

    /// A request of the token endpoint, with the application's credentials added to the form.
    pub(crate) fn token_request(&self, form: &[(&str, &str)]) -> Vec<u8> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .append_pair("client_id", self.application.client_id)
            .append_pair("client_secret", self.application.client_secret)
            .finish();
        post(self.address, &self.endpoints.token, "", &body)
    }
}

/// `headers` are whole lines, each with its end.
pub(crate) fn get(host: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n").into_bytes()
}

/// A form, as a browser or an application sends it.
pub(crate) fn post(host: SocketAddr, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
