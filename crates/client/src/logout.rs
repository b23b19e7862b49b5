//! Signing a person out at her provider: OpenID Connect RP-Initiated Logout.

use grantway_core::secret::Secret;
use url::Url;

use crate::client::Client;
use crate::provider::needed;
use crate::setup_fault::SetupFault;

/// What is said when a person is sent to sign out.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOut<'a> {
    /// Whom it is about: her last ID token, expired or not.
    pub id_token_hint: Option<&'a Secret>,
    /// Where she comes back; as it is registered.
    pub post_logout_redirect_uri: Option<&'a str>,
    /// Comes back with her.
    pub state: Option<&'a str>,
}

impl Client {
    /// Where to send a person who wants to be signed out at her provider too.
    pub fn logout_url(&self, wish: SignOut<'_>) -> Result<String, SetupFault> {
        let member = "end_session_endpoint";
        let endpoint = needed(self.inner.provider.metadata.end_session_endpoint.as_ref(), member)?;
        let mut url =
            Url::parse(endpoint).map_err(|_| SetupFault::Address { member, address: endpoint.to_owned() })?;
        let SignOut { id_token_hint, post_logout_redirect_uri, state } = wish;
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", self.inner.registration.client_id.as_str());
        for (name, value) in [
            ("id_token_hint", id_token_hint.map(Secret::expose)),
            ("post_logout_redirect_uri", post_logout_redirect_uri),
            ("state", state),
        ] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        drop(query);
        Ok(url.into())
    }
}
