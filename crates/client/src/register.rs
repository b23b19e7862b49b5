//! A client that registers itself: RFC 7591, OpenID Connect Dynamic Client Registration.

use std::fmt;

use bytes::Bytes;
use grantway_core::client::ClientAuthMethod;
use grantway_core::ids::ClientId;
use grantway_core::secret::Secret;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::ClientError;
use crate::inner::{Told, missing};
use crate::parts::ClientParts;
use crate::provider::{Provider, needed};
use crate::registration::{Authentication, Registration};
use crate::userinfo::shown;

/// What a provider registered. Keep it: the secret is not shown again.
#[derive(Clone)]
pub struct Registered {
    /// Its name.
    pub client_id: ClientId,
    /// Its secret, if it has one.
    pub client_secret: Option<Secret>,
    /// How it has to prove who it is: the provider's word, which may be another than what was asked for.
    pub token_endpoint_auth_method: String,
    /// Opens [`registration_client_uri`](Self::registration_client_uri) (RFC 7592).
    pub registration_access_token: Option<Secret>,
    /// Where the registration can be read and changed.
    pub registration_client_uri: Option<String>,
    /// Everything else that the provider says of it.
    pub metadata: Map<String, Value>,
}

/// A registration whose way of proving who the client is cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider registered the client for {method:?}, {why}")]
pub struct UnusableMethod {
    /// What the provider said.
    pub method: String,
    /// Why it cannot be used.
    pub why: &'static str,
}

impl Registered {
    /// The client as it was registered, if it proves by a secret, or not at all; one that proves by a key is put together
    /// by whoever has the key.
    pub fn registration(&self) -> Result<Registration, UnusableMethod> {
        let unusable = |why| UnusableMethod { method: self.token_endpoint_auth_method.clone(), why };
        let secret = || self.client_secret.clone().ok_or(unusable("and gave it no secret"));
        let authentication = match self.token_endpoint_auth_method.parse() {
            Ok(ClientAuthMethod::None) => Authentication::None,
            Ok(ClientAuthMethod::ClientSecretBasic) => Authentication::ClientSecretBasic(secret()?),
            Ok(ClientAuthMethod::ClientSecretPost) => Authentication::ClientSecretPost(secret()?),
            Ok(ClientAuthMethod::ClientSecretJwt | ClientAuthMethod::PrivateKeyJwt) => {
                return Err(unusable("which takes a signer: see Authentication::assertion"));
            }
            Err(_) => return Err(unusable("which is not known here")),
        };
        let algorithm = self.metadata.get("id_token_signed_response_alg").and_then(Value::as_str);
        let id_token_alg = match algorithm.map(str::parse) {
            None => None,
            Some(Ok(algorithm)) => Some(algorithm),
            Some(Err(_)) => return Err(unusable("and signs its ID tokens in a way that is not known here")),
        };
        Ok(Registration { id_token_alg, ..Registration::new(self.client_id.clone(), authentication) })
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered")
            .field("client_id", &self.client_id)
            .field("token_endpoint_auth_method", &self.token_endpoint_auth_method)
            .field("metadata", &self.metadata.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Registers a client with that metadata (RFC 7591 section 2), a JSON object. Some providers want a token for it.
pub async fn register(
    parts: &ClientParts,
    provider: &Provider,
    metadata: &Value,
    initial_access_token: Option<&Secret>,
) -> Result<Registered, ClientError> {
    let endpoint = needed(provider.metadata.registration_endpoint.as_ref(), "registration_endpoint")?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(token) = initial_access_token {
        headers.insert(AUTHORIZATION, shown("Bearer", token)?);
    }
    // Whoever registers is nobody yet; the name is never sent.
    let nobody = ClientId::draw(&*parts.entropy);
    let client = Client::new(parts.clone(), provider.clone(), Registration::public(nobody));
    let body = Bytes::from(metadata.to_string());
    let answer = client.inner.send(Method::POST, endpoint, headers, body).await?;
    let told = Told { answer, secrets: initial_access_token.cloned().into_iter().collect() };
    let mut document = client.inner.document(&told)?;
    let mut take = |name: &str| match document.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let client_id = take("client_id").and_then(|name| name.parse().ok());
    let client_secret = take("client_secret").map(Secret::new);
    Ok(Registered {
        client_id: client_id.ok_or_else(|| missing("client_id", &told))?,
        registration_access_token: take("registration_access_token").map(Secret::new),
        registration_client_uri: take("registration_client_uri"),
        // RFC 7591 section 2: what is meant where nothing is said.
        token_endpoint_auth_method: take("token_endpoint_auth_method")
            .unwrap_or_else(|| ClientAuthMethod::ClientSecretBasic.as_str().to_owned()),
        client_secret,
        metadata: document,
    })
}
