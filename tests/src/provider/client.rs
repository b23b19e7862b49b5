use grantway_core::jwk::JwkSet;
use url::Url;

/// An application that a foreign provider knows.
#[derive(Clone, Debug)]
pub struct ForeignClient {
    /// Its name.
    pub client_id: String,
    /// None, if it is public.
    pub client_secret: Option<String>,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it signs assertions with, if not with its secret.
    pub keys: Option<JwkSet>,
}

impl ForeignClient {
    /// One with a secret.
    #[must_use]
    pub fn confidential(client_id: &str, client_secret: &str) -> Self {
        Self { client_secret: Some(client_secret.to_owned()), ..Self::public(client_id) }
    }

    /// One without.
    #[must_use]
    pub fn public(client_id: &str) -> Self {
        let redirect_uris = ["https://app.test/cb", "http://127.0.0.1/cb"].map(str::to_owned).to_vec();
        Self { client_id: client_id.to_owned(), client_secret: None, redirect_uris, keys: None }
    }

    /// Those that everybody knows: `confidential` (secret `sesame`), `public`, and one whose name and secret
    /// are not the same in every encoding.
    pub(super) fn at_first() -> Vec<Self> {
        vec![
            Self::confidential("confidential", "sesame"),
            Self::public("public"),
            Self::confidential(ODD_CLIENT.0, ODD_CLIENT.1),
        ]
    }

    /// Byte for byte, but for the port of a loopback address (RFC 8252 section 7.3).
    pub(super) fn may_be_sent_to(&self, redirect_uri: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|own| own == redirect_uri || without_port(own) == without_port(redirect_uri))
    }
}

/// Something that differs for every address but those of this machine that differ in the port alone.
fn without_port(uri: &str) -> Result<Url, &str> {
    let mut url = Url::parse(uri).map_err(|_| uri)?;
    if url.scheme() != "http" || !matches!(url.host_str(), Some("127.0.0.1" | "[::1]")) {
        return Err(uri);
    }
    url.set_port(None).map_err(|()| uri)?;
    Ok(url)
}

/// The name and the secret of a client that only those can use who encode as RFC 6749 section 2.3.1 says.
pub const ODD_CLIENT: (&str, &str) = ("acme id/7", "k+y:50%é");
