//! What a provider says of the person who signed in: OpenID Connect Core section 5.3.

use bytes::Bytes;
use grantway_core::ids::Subject;
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::ClientError;
use crate::id_token_fault::IdTokenFault;
use crate::inner::{DPOP, Inner, Told, missing};
use crate::nonces::DPOP_NONCE;
use crate::provider::needed;
use crate::setup_fault::SetupFault;

impl Client {
    /// The claims about the person, which have to be about `subject`: whom the ID token names. A signed answer is believed
    /// only if it is signed as an ID token would be, and for this client.
    ///
    /// A token that is good no more is refused here and not renewed; [`TokenSource`](crate::TokenSource) has fresh ones.
    pub async fn userinfo(
        &self,
        tokens: &TokenSet,
        subject: &Subject,
    ) -> Result<Map<String, Value>, ClientError> {
        let inner = &self.inner;
        let endpoint = needed(inner.provider.metadata.userinfo_endpoint.as_ref(), "userinfo_endpoint")?;
        let mut answer = inner.get_with(tokens, endpoint).await?;
        if answer.status() == StatusCode::UNAUTHORIZED && answer.headers().contains_key(DPOP_NONCE) {
            answer = inner.get_with(tokens, endpoint).await?;
        }
        let told = Told { answer, secrets: vec![tokens.access_token.clone()] };
        let claims = inner.claims(&told).await?;
        // OpenID Connect Core section 5.3.2: a stranger's token may have been slipped in.
        let about = claims.get("sub").and_then(Value::as_str).ok_or_else(|| missing("sub", &told))?;
        if about == subject.as_str() { Ok(claims) } else { Err(IdTokenFault::Subject.into()) }
    }

    /// The headers that show an access token to a resource: `Authorization`, and with a bound token a proof for this one
    /// request (RFC 9449 section 7.1).
    pub async fn authorization(
        &self,
        tokens: &TokenSet,
        method: &Method,
        address: &str,
    ) -> Result<HeaderMap, ClientError> {
        self.inner.authorization(tokens, method, address).await
    }
}

impl Inner {
    pub(crate) async fn authorization(
        &self,
        tokens: &TokenSet,
        method: &Method,
        address: &str,
    ) -> Result<HeaderMap, ClientError> {
        let mut headers = HeaderMap::new();
        let bound = tokens.token_type == "DPoP";
        if bound && self.registration.dpop.is_none() {
            return Err(SetupFault::NoDpopKey.into());
        }
        headers.insert(AUTHORIZATION, shown(if bound { "DPoP" } else { "Bearer" }, &tokens.access_token)?);
        if let Some(key) = self.registration.dpop.as_ref().filter(|_| bound) {
            headers.insert(DPOP, self.proof(key, method, address, Some(&tokens.access_token)).await?);
        }
        Ok(headers)
    }

    async fn get_with(&self, tokens: &TokenSet, address: &str) -> Result<Response<Bytes>, ClientError> {
        let mut headers = self.authorization(tokens, &Method::GET, address).await?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/jwt;q=0.9"));
        let answer = self.send(Method::GET, address, headers, Bytes::new()).await?;
        self.nonces.learn(address, answer.headers());
        Ok(answer)
    }

    async fn claims(&self, told: &Told) -> Result<Map<String, Value>, ClientError> {
        let Told { answer, secrets } = told;
        let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let signed = content_type.is_some_and(|own| own.to_ascii_lowercase().starts_with("application/jwt"));
        if !(signed && answer.status().is_success()) {
            let document = self.provider.reply.document(answer, self.parts.clock.now());
            // A person granted what is shown here, so a token that is good no more leads back to her.
            return document.map_err(|why| ClientError::no_tokens(why, true).without(secrets));
        }
        let token = std::str::from_utf8(answer.body()).unwrap_or_default().trim();
        let claims = self.signed(token).await?;
        let issuer = self.issuer_of(&claims)?;
        // OpenID Connect Core section 5.3.2: iss and aud are there, and are the provider and the client.
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str).unwrap_or_default().to_owned();
        let client_id = self.registration.client_id.as_str();
        if text("iss") != issuer {
            return Err(IdTokenFault::Issuer { expected: issuer, found: text("iss") }.into());
        }
        let named = claims
            .get("aud")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|own| own == client_id));
        if text("aud") == client_id || named { Ok(claims) } else { Err(IdTokenFault::Audience.into()) }
    }
}

pub(crate) fn shown(scheme: &str, token: &Secret) -> Result<HeaderValue, SetupFault> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {}", token.expose()))
        .map_err(|_| SetupFault::Credentials)?;
    header.set_sensitive(true);
    Ok(header)
}
