//! A client of one provider.

use std::sync::Arc;

use grantway_core::claims::IdTokenClaims;
use grantway_core::jws::unverified_claims;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::JwsFault;
use grantway_core::token_request::TokenRequest;
use grantway_core::token_set::TokenSet;
use serde_json::{Map, Value};

use crate::discover::{DiscoveryError, discover};
use crate::error::ClientError;
use crate::id_token::Expected;
use crate::id_token_fault::IdTokenFault;
use crate::inner::{Inner, Told};
use crate::nonces::Nonces;
use crate::parameters::{Parameters, parameter};
use crate::parts::ClientParts;
use crate::provider::Provider;
use crate::registration::Registration;
use crate::reply::{TokenReply, Tolerance};
use crate::setup_fault::SetupFault;

/// A client of one provider. It has no type parameters and belongs in a struct; clones are the same client.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// What a provider gave.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The tokens.
    pub tokens: TokenSet,
    /// Who signed in, if the provider says so and can be believed.
    pub id_token: Option<IdTokenClaims>,
    /// What was odd about the reply.
    pub tolerances: Vec<Tolerance>,
}

impl Client {
    /// A client of a provider that is known.
    #[must_use]
    pub fn new(parts: ClientParts, provider: Provider, registration: Registration) -> Self {
        Self { inner: Arc::new(Inner { parts, provider, registration, nonces: Nonces::default() }) }
    }

    /// A client of a provider that tells of itself.
    pub async fn discover(
        parts: ClientParts,
        issuer: &str,
        registration: Registration,
    ) -> Result<Self, DiscoveryError> {
        let discovered = discover(&parts.transport, issuer).await?;
        Ok(Self::new(parts, discovered.provider, registration))
    }

    /// What is known of the provider.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.inner.provider
    }

    /// Who it is to the provider.
    #[must_use]
    pub fn registration(&self) -> &Registration {
        &self.inner.registration
    }

    /// Asks the token endpoint, by whatever grant.
    ///
    /// An ID token that comes along is believed only if everything but its nonce is as it should be; for one with a nonce
    /// see [`finish`](Self::finish).
    pub async fn token(&self, request: &TokenRequest) -> Result<Granted, ClientError> {
        self.inner.grant(request, &Expected::default()).await
    }

    /// A token for the client itself (RFC 6749 section 4.4).
    pub async fn client_credentials(&self, scope: &ScopeSet) -> Result<Granted, ClientError> {
        self.token(&TokenRequest::client_credentials().scope(scope)).await
    }

    /// New tokens for old ones (RFC 6749 section 6): what the provider does not name again is kept.
    ///
    /// A provider that rotates takes each refresh token once: two callers must not do this at the same time, and the new
    /// tokens are kept before they are used.
    pub async fn refresh(&self, tokens: &TokenSet) -> Result<Granted, ClientError> {
        let refresh_token = tokens.refresh_token.as_ref().ok_or(SetupFault::NoRefreshToken)?;
        self.inner.renew(&TokenRequest::refresh_token(refresh_token), tokens).await
    }
}

impl Inner {
    /// Asks the token endpoint, and looks at what came as somebody who expects that.
    pub(crate) async fn grant(
        &self,
        request: &TokenRequest,
        expected: &Expected<'_>,
    ) -> Result<Granted, ClientError> {
        let TokenReply { tokens, tolerances } = self.ask(request).await?;
        let id_token = match &tokens.id_token {
            Some(id_token) if self.provider.issuer().is_some() => {
                let believed = self.believe(id_token, &tokens.access_token, expected).await;
                Some(believed.map_err(|why| match why {
                    ClientError::IdToken(IdTokenFault::Signature(JwsFault::KeysUnavailable(why)))
                        if request.spends_grant() =>
                    {
                        IdTokenFault::Unproved(why).into()
                    }
                    why => why,
                })?)
            }
            // A provider without a name makes no ID tokens that could be believed.
            Some(_) | None if expected.needed && self.provider.issuer().is_some() => {
                return Err(IdTokenFault::Missing.into());
            }
            Some(_) | None => None,
        };
        Ok(Granted { tokens, id_token, tolerances })
    }

    /// New tokens after old ones. A new ID token is about the same person (OpenID Connect Core section 12.2); one that is
    /// not to be believed for another reason is left out, since the old refresh token may be spent by now and losing the
    /// new one would lose the grant.
    pub(crate) async fn renew(
        &self,
        request: &TokenRequest,
        before: &TokenSet,
    ) -> Result<Granted, ClientError> {
        let TokenReply { mut tokens, mut tolerances } = self.ask(request).await?;
        let mut believed = None;
        if let (Some(id_token), Some(_)) = (&tokens.id_token, self.provider.issuer()) {
            match self.believe(id_token, &tokens.access_token, &Expected::default()).await {
                Ok(claims) => believed = Some(claims),
                Err(why) => {
                    tolerances.push(Tolerance::IdTokenLeftOut { why: why.to_string() });
                    tokens.id_token = None;
                }
            }
        }
        if let (Some(new), Some(old)) = (&believed, &before.id_token)
            && subject_of(old.expose()).is_some_and(|old| old != new.sub.as_str())
        {
            return Err(IdTokenFault::Subject.into());
        }
        Ok(Granted { tokens: tokens.after(before), id_token: believed, tolerances })
    }

    async fn ask(&self, request: &TokenRequest) -> Result<TokenReply, ClientError> {
        let endpoint = match request.grant_type() {
            "refresh_token" => self.provider.refresh_endpoint()?,
            _ => self.provider.token_endpoint()?,
        };
        let mut parameters: Parameters = vec![parameter("grant_type", request.grant_type())];
        for (name, value) in request.parameters() {
            let of_scope = name == "scope";
            let value = if of_scope { self.provider.scope_separator.of(value) } else { value.to_owned() };
            parameters.push(parameter(name, value));
        }
        let now = self.parts.clock.now();
        let Told { answer, secrets } = self.post(endpoint, parameters, true).await?;
        let reply = self.provider.reply.read(&answer, now);
        let mut reply =
            reply.map_err(|why| ClientError::no_tokens(why, request.spends_grant()).without(&secrets))?;
        for tolerance in &mut reply.tolerances {
            tolerance.conceal(&secrets);
        }
        // RFC 9449 section 5: a server that does not know how says Bearer.
        if self.registration.dpop.is_some() && reply.tokens.token_type != "DPoP" {
            reply.tolerances.push(Tolerance::TokenUnbound);
        }
        Ok(reply)
    }

    /// The JSON object of an answer that means success.
    pub(crate) fn document(&self, told: &Told) -> Result<Map<String, Value>, ClientError> {
        let document = self.provider.reply.document(&told.answer, self.parts.clock.now());
        document.map_err(|why| ClientError::no_tokens(why, false).without(&told.secrets))
    }
}

/// Of an ID token that was believed when it came.
fn subject_of(id_token: &str) -> Option<String> {
    unverified_claims(id_token).ok()?.get("sub")?.as_str().map(str::to_owned)
}
