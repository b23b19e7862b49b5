//! Requests that show a token, by whatever HTTP client.

use bytes::Bytes;
use grantway_core::seam::FetchFault;
use http::{HeaderMap, Method, Request, Response};

use crate::presented::Presented;
use crate::token_source::{TokenError, TokenSource};

/// Why there is no answer of a resource.
#[derive(Debug, thiserror::Error)]
pub enum CallError<E> {
    /// There is no token to show.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The request could not be sent, or the answer not be read.
    #[error("the resource cannot be reached: {0}")]
    Sent(E),
}

impl TokenSource {
    /// Has a request sent with the headers that show a token. If the resource refuses the token, it is sent once more with
    /// a fresh one, so `send` has to be able to do it again; that goes for a nonce too (RFC 9449 section 9). Any other
    /// answer comes as it is: see [`Challenge`](crate::Challenge) for what a refusal asks of the person.
    ///
    /// If there is no other token to be had, that is the error, and its class says what to do.
    ///
    /// The token goes wherever `send` sends it, which has to be `address`. With reqwest, whose redirects to other hosts
    /// drop the token (`reqwest::Response` becomes an `http::Response` by `into`):
    ///
    /// ```
    /// # use grantway_client::TokenSource;
    /// use http::{HeaderMap, Method, Response};
    ///
    /// # async fn files(source: TokenSource) -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::new();
    /// let address = "https://api.example/files";
    /// let answer: Response<reqwest::Body> = source
    ///     .call(&Method::GET, address, |headers: HeaderMap| {
    ///         let request = http.get(address).headers(headers);
    ///         async { Ok::<_, reqwest::Error>(request.send().await?.into()) }
    ///     })
    ///     .await?;
    /// # drop(answer);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call<B, E, F>(
        &self,
        method: &Method,
        address: &str,
        mut send: impl FnMut(HeaderMap) -> F,
    ) -> Result<Response<B>, CallError<E>>
    where
        F: Future<Output = Result<Response<B>, E>>,
    {
        let mut presented = Presented::new(self, method, address).await?;
        loop {
            let answer = send(presented.headers().await?).await.map_err(CallError::Sent)?;
            if !presented.again(answer.status(), answer.headers(), true).await? {
                return Ok(answer);
            }
        }
    }

    /// Sends a request over the client's own [`Transport`](crate::Transport), by its rules, and with a token. It is sent
    /// once more as [`call`](Self::call) says.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallError<FetchFault>> {
        let (method, address) = (request.method().clone(), request.uri().to_string());
        let transport = &self.keeper.client.inner.parts.transport;
        let sent = |headers: HeaderMap| {
            let mut request = request.clone();
            request.headers_mut().extend(headers);
            transport.send(request)
        };
        self.call(&method, &address, sent).await
    }

    /// Gets what is there, as [`send`](Self::send) does.
    pub async fn get(&self, address: &str) -> Result<Response<Bytes>, CallError<FetchFault>> {
        let client = &self.keeper.client.inner;
        let sent = |headers: HeaderMap| client.send(Method::GET, address, headers, Bytes::new());
        self.call(&Method::GET, address, sent).await
    }
}
