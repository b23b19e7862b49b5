//! What a client does whatever it is asked for: it puts a request together, proves who it is, and sends it.

use bytes::Bytes;
use grantway_core::seam::{FetchFault, FetchFaultKind};
use grantway_core::secret::Secret;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::Value;

use crate::error::ClientError;
use crate::nonces::{DPOP_NONCE, Nonces};
use crate::parameters::{Parameters, written};
use crate::parts::ClientParts;
use crate::provider::Provider;
use crate::registration::Registration;
use crate::reply::{Unreadable, UnreadableReply};

/// What came back, and what of that which was sent nobody may read in an error, though the provider repeats it there.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) answer: Response<Bytes>,
    pub(crate) secrets: Vec<Secret>,
}

/// A client's belongings, shared by its clones.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) parts: ClientParts,
    pub(crate) provider: Provider,
    pub(crate) registration: Registration,
    pub(crate) nonces: Nonces,
}

impl Inner {
    /// Posts to an endpoint where the client proves who it is, and with its key if tokens are bound there.
    pub(crate) async fn post(
        &self,
        endpoint: &str,
        parameters: Parameters,
        bound: bool,
    ) -> Result<Told, ClientError> {
        let mut told = self.post_once(endpoint, parameters.clone(), bound).await?;
        if bound && self.asks_for_a_nonce(&told.answer) {
            // RFC 9449 section 8: the same again, with a new proof that carries it.
            told = self.post_once(endpoint, parameters, bound).await?;
        }
        Ok(told)
    }

    async fn post_once(
        &self,
        endpoint: &str,
        mut parameters: Parameters,
        bound: bool,
    ) -> Result<Told, ClientError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.authenticate(endpoint, &mut headers, &mut parameters).await?;
        let key = self.registration.dpop.as_ref().filter(|_| bound);
        if let Some(key) = key {
            let proof = self.proof(key, &Method::POST, endpoint, None).await?;
            headers.insert(DPOP, proof);
        }
        let secrets = self.secrets(&parameters, &headers);
        let (content_type, body) = written(self.provider.request_format, &parameters);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let answer = self.send(Method::POST, endpoint, headers, body).await?;
        if key.is_some() {
            self.nonces.learn(endpoint, answer.headers());
        }
        Ok(Told { answer, secrets })
    }

    fn secrets(&self, parameters: &Parameters, headers: &HeaderMap) -> Vec<Secret> {
        let telling = |name: &str| {
            ["token", "code", "assertion", "secret", "password"].iter().any(|word| name.contains(word))
                && !name.ends_with("_type")
                && !name.ends_with("_hint")
        };
        let sent = parameters.iter().filter(|(name, _)| telling(name)).map(|(_, value)| value.clone());
        let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok()?.split_once(' '));
        let header = header.map(|(_, credentials)| Secret::new(credentials));
        sent.chain(self.registration.authentication.secret().cloned()).chain(header).collect()
    }

    /// Sends it as it is.
    pub(crate) async fn send(
        &self,
        method: Method,
        address: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Bytes>, FetchFault> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.headers_mut() = headers;
        *request.uri_mut() = address.parse().map_err(|why| FetchFault {
            kind: FetchFaultKind::Url,
            detail: format!("{:?}: {why}", without_query(address)),
        })?;
        self.parts.transport.send(request).await
    }

    fn asks_for_a_nonce(&self, answer: &Response<Bytes>) -> bool {
        let refused = matches!(answer.status(), StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
        let said = || serde_json::from_slice::<Value>(answer.body()).ok();
        self.registration.dpop.is_some()
            && refused
            && answer.headers().contains_key(DPOP_NONCE)
            && said().is_some_and(|said| said["error"] == "use_dpop_nonce")
    }
}

/// An answer without what has to be in it.
pub(crate) fn missing(member: &'static str, told: &Told) -> ClientError {
    let reply = UnreadableReply::new(Unreadable::Missing(member), &told.answer);
    ClientError::from(reply).without(&told.secrets)
}

/// There may be a key in it.
fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

pub(crate) const DPOP: &str = "dpop";
