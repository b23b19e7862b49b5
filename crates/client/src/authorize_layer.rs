//! Any HTTP client, as a tower service, with a token.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::origins::Origins;
use crate::presented::Presented;
use crate::token_source::TokenSource;

/// Shows a token with each request to the resources it is for, and sends the request once more, with a fresh token, if
/// the resource refuses the one it was shown.
///
/// A request to anybody else passes as it came, and so does one that shows a credential already: whoever leads the
/// application elsewhere, by a redirect or an address in a document, gets no token. Follow redirects outside of this
/// layer, so that each address is looked at.
///
/// Only a request whose body can be [repeated](RepeatBody) is sent again. For another the refusal is the answer, and the
/// token is renewed meanwhile for the next. If there is no other token to be had, the error is a
/// [`TokenError`](crate::TokenError), whose class says what to do.
///
/// ```
/// # use grantway_client::{AuthorizeLayer, Origins, SetupFault, TokenSource};
/// # use http::{Request, Response};
/// use tower_layer::Layer;
///
/// # fn f<S>(http: S, source: TokenSource) -> Result<grantway_client::Authorize<S>, SetupFault> {
/// let layer = AuthorizeLayer::new(source, Origins::new(["https://api.example"])?);
/// let api = layer.layer(http);
/// # Ok(api)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthorizeLayer<C = EmptyBodies> {
    source: TokenSource,
    origins: Origins,
    bodies: C,
}

/// A service of an [`AuthorizeLayer`].
#[derive(Clone, Debug)]
pub struct Authorize<S, C = EmptyBodies> {
    inner: S,
    layer: AuthorizeLayer<C>,
}

/// Says which bodies can be sent twice.
pub trait RepeatBody<B> {
    /// The same body again, before it is sent for the first time.
    fn repeat(&self, body: &B) -> Option<B>;
}

/// Only bodies that are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyBodies;

impl<B: Body + Default> RepeatBody<B> for EmptyBodies {
    fn repeat(&self, body: &B) -> Option<B> {
        body.is_end_stream().then(B::default)
    }
}

/// Those that a function can copy.
#[derive(Clone, Copy)]
pub struct RepeatedBy<F>(F);

impl<B, F: Fn(&B) -> Option<B>> RepeatBody<B> for RepeatedBy<F> {
    fn repeat(&self, body: &B) -> Option<B> {
        (self.0)(body)
    }
}

impl<F> fmt::Debug for RepeatedBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepeatedBy").finish_non_exhaustive()
    }
}

impl AuthorizeLayer {
    /// Shows the tokens of `source` to `origins`, and repeats requests without a body.
    #[must_use]
    pub const fn new(source: TokenSource, origins: Origins) -> Self {
        Self { source, origins, bodies: EmptyBodies }
    }
}

impl<C> AuthorizeLayer<C> {
    /// The same, and `copy` says which requests can be repeated: `|body| Some(body.clone())` where bodies are bytes, or
    /// `reqwest::Body::try_clone` where they may be streams.
    pub fn repeating<F>(self, copy: F) -> AuthorizeLayer<RepeatedBy<F>> {
        let Self { source, origins, bodies: _ } = self;
        AuthorizeLayer { source, origins, bodies: RepeatedBy(copy) }
    }
}

impl<S, C: Clone> Layer<S> for AuthorizeLayer<C> {
    type Service = Authorize<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        Authorize { inner, layer: self.clone() }
    }
}

impl<S, C, B, R> Service<Request<B>> for Authorize<S, C>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    C: RepeatBody<B> + Clone + Send + 'static,
    B: Send + 'static,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was found ready is the one to be called.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let AuthorizeLayer { source, origins, bodies } = self.layer.clone();
        let ours =
            !request.headers().contains_key(AUTHORIZATION) && origins.include(&request.uri().to_string());
        if ours { Box::pin(shown(inner, source, bodies, request)) } else { Box::pin(passed(inner, request)) }
    }
}

async fn passed<S, B>(mut inner: S, request: Request<B>) -> Result<S::Response, BoxError>
where
    S: Service<Request<B>>,
    S::Error: Into<BoxError>,
{
    inner.call(request).await.map_err(Into::into)
}

async fn shown<S, C, B, R>(
    mut inner: S,
    source: TokenSource,
    bodies: C,
    mut request: Request<B>,
) -> Result<Response<R>, BoxError>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    C: RepeatBody<B>,
{
    let mut presented = Presented::new(&source, request.method(), request.uri().to_string()).await?;
    loop {
        let next = repeated(&request, &bodies);
        request.headers_mut().extend(presented.headers().await?);
        let answer = inner.call(request).await.map_err(Into::into)?;
        let again = presented.again(answer.status(), answer.headers(), next.is_some()).await?;
        match next {
            Some(next) if again => request = next,
            _ => return Ok(answer),
        }
        // A client that has one connection gets it back first.
        drop(answer);
        poll_fn(|cx| inner.poll_ready(cx)).await.map_err(Into::into)?;
    }
}

fn repeated<B>(request: &Request<B>, bodies: &impl RepeatBody<B>) -> Option<Request<B>> {
    let mut again = Request::new(bodies.repeat(request.body())?);
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.version_mut() = request.version();
    again.headers_mut().clone_from(request.headers());
    *again.extensions_mut() = request.extensions().clone();
    Some(again)
}

/// What a service under the layer says, or a [`TokenError`](crate::TokenError).
type BoxError = Box<dyn Error + Send + Sync>;
