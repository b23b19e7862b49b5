use url::Url;

use super::cast::Client;
use super::http::Form;
use super::person::Link;

/// An authorization request (OpenID Connect Core section 3.1.2.1).
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationRequest<'a> {
    pub(crate) client: &'a Client,
    pub(crate) parameters: Form,
    /// Of PKCE, if the request uses it.
    pub(crate) verifier: Option<String>,
}

impl AuthorizationRequest<'_> {
    /// With another value for that parameter, or with that parameter.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        match self.parameters.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => value.clone_into(own),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(own, _)| own != name);
        self
    }

    pub(crate) fn with_pkce(self, verifier: String) -> Self {
        let challenge = crate::challenge(&verifier);
        let request = self.with("code_challenge", &challenge).with("code_challenge_method", "S256");
        Self { verifier: Some(verifier), ..request }
    }

    /// Its parameters the other way round.
    pub(crate) fn reversed(mut self) -> Self {
        self.parameters.reverse();
        self
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// As a link of the application's.
    pub(crate) fn link(&self, endpoint: &Url) -> Link {
        let mut url = endpoint.clone();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        Link::to(url)
    }

    /// As a form on the application's page.
    pub(crate) fn form(&self, endpoint: &Url) -> Link {
        let application = Url::parse(&self.client.redirect_uri).ok();
        Link {
            url: endpoint.clone(),
            form: Some(self.parameters.clone()),
            origin: application.map(|url| url.origin().ascii_serialization()),
        }
    }
}
