//! A token shown to a resource, and what is done about its answer.

use std::mem;
use std::sync::Arc;

use grantway_core::challenge::Challenge;
use grantway_core::token_set::TokenSet;
use http::{HeaderMap, Method, StatusCode};

use crate::token_source::{TokenError, TokenSource};

/// What a request shows to a resource.
#[derive(Debug)]
pub(crate) struct Presented {
    source: TokenSource,
    method: Method,
    address: String,
    tokens: Arc<TokenSet>,
    /// The resource has asked for a nonce, and got it.
    with_nonce: bool,
    /// It has refused a token, and got another.
    renewed: bool,
}

impl Presented {
    /// A fresh token, for a request with that method to that address.
    pub(crate) async fn new(
        source: &TokenSource,
        method: &Method,
        address: impl Into<String>,
    ) -> Result<Self, TokenError> {
        let tokens = source.fresh().await?;
        let (source, method, address) = (source.clone(), method.clone(), address.into());
        Ok(Self { source, method, address, tokens, with_nonce: false, renewed: false })
    }

    /// The headers that show it, with a proof of their own for each request.
    pub(crate) async fn headers(&self) -> Result<HeaderMap, TokenError> {
        Ok(self.source.keeper.client.authorization(&self.tokens, &self.method, &self.address).await?)
    }

    /// Is the request to be sent again, with other headers? It is at most twice: for a nonce, and for a fresh token.
    pub(crate) async fn again(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        repeatable: bool,
    ) -> Result<bool, TokenError> {
        let client = &self.source.keeper.client.inner;
        if client.registration.dpop.is_some() {
            client.nonces.learn(&self.address, headers);
        }
        if status != StatusCode::UNAUTHORIZED {
            return Ok(false);
        }
        let challenges = Challenge::all(headers);
        if challenges.iter().any(Challenge::wants_nonce) {
            let again = repeatable && !self.with_nonce;
            self.with_nonce = true;
            return Ok(again);
        }
        if self.renewed || challenges.iter().any(Challenge::is_past_renewal) {
            return Ok(false);
        }
        if !repeatable {
            // The next request has it.
            self.source.renew_meanwhile(&self.tokens);
            return Ok(false);
        }
        self.renewed = true;
        let renewed = self.source.renew(&self.tokens).await?;
        let refused = mem::replace(&mut self.tokens, renewed);
        Ok(!refused.access_token.matches(self.tokens.access_token.expose()))
    }
}
