//! How a token source gets its next tokens.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::seam::{FetchFaultKind, SeamError};
use grantway_core::token_request::TokenRequest;
use grantway_core::token_set::TokenSet;

use crate::client::{Client, Granted};
use crate::error::ClientError;
use crate::setup_fault::SetupFault;

/// How a [`TokenSource`](crate::TokenSource) gets its next tokens.
#[derive(Clone, Debug)]
pub struct Renewal(How);

#[derive(Clone, Debug)]
enum How {
    Refresh(Vec<(Cow<'static, str>, String)>),
    Repeat(Arc<dyn RepeatedRequest>),
}

/// Makes a token request as often as one is needed. A [`TokenRequest`] is one that stays the same; one whose assertion
/// runs out (RFC 7523 section 2.1) is made anew each time.
#[async_trait]
pub trait RepeatedRequest: Debug + Send + Sync {
    /// The next.
    async fn request(&self) -> Result<TokenRequest, SeamError>;
}

#[async_trait]
impl RepeatedRequest for TokenRequest {
    async fn request(&self) -> Result<TokenRequest, SeamError> {
        Ok(self.clone())
    }
}

impl Renewal {
    /// By the refresh token (RFC 6749 section 6).
    #[must_use]
    pub const fn by_refresh_token() -> Self {
        Self(How::Refresh(Vec::new()))
    }

    /// By the same request over again, as for client credentials.
    pub fn by_repeating(request: impl RepeatedRequest + 'static) -> Self {
        Self(How::Repeat(Arc::new(request)))
    }

    /// The same, and a refresh says that as well: some providers want the `scope` or the `resource` again. What is
    /// repeated has its own parameters.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        if let How::Refresh(parameters) = &mut self.0 {
            parameters.push((name.into(), value.into()));
        }
        self
    }

    pub(crate) const fn spends_refresh_tokens(&self) -> bool {
        matches!(self.0, How::Refresh(_))
    }

    /// Asks the provider for what comes after those tokens.
    pub(crate) async fn ask(
        &self,
        client: &Client,
        before: Option<&TokenSet>,
    ) -> Result<Granted, ClientError> {
        match &self.0 {
            How::Refresh(parameters) => {
                let before = before.ok_or(SetupFault::NothingKept)?;
                let refresh_token = before.refresh_token.as_ref().ok_or(SetupFault::NoRefreshToken)?;
                let mut request = TokenRequest::refresh_token(refresh_token);
                for (name, value) in parameters {
                    request = request.parameter(name.clone(), value);
                }
                match client.inner.renew(&request, before).await {
                    // The answer may have been lost on its way, and with it the only good refresh token. Providers
                    // that allow for that take the old one again, and for a short time only.
                    Err(ClientError::Unreached(fault)) if was_asked(fault.kind) => {
                        client.inner.renew(&request, before).await.map_err(|then| {
                            ClientError::AfterLostAnswer { lost: fault, then: Box::new(then) }
                        })
                    }
                    granted => granted,
                }
            }
            How::Repeat(repeated) => {
                let request = repeated.request().await?;
                if request.spends_grant() {
                    return Err(SetupFault::NotRepeatable.into());
                }
                client.token(&request).await
            }
        }
    }
}

/// May the request have reached somebody?
const fn was_asked(fault: FetchFaultKind) -> bool {
    matches!(fault, FetchFaultKind::Timeout | FetchFaultKind::Protocol)
}
