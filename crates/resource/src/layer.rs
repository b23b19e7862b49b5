//! The layer that stands before a service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderValue, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::challenge::DPOP_NONCE;
use crate::require::Require;
use crate::resource::Resource;

/// Lets a request through if its token is good and does what the route requires, with an
/// [`Authorized`](crate::Authorized) in its extensions; answers every other one itself.
///
/// Nothing passes without a token, `OPTIONS` included: a layer that answers the questions of browsers (CORS) belongs
/// outside of this one. Layers may stand within one another, say one for a whole router and another with a
/// [`Require`] for one of its routes: of the same [`Resource`], the inner one looks at the token no more, only at
/// what is required.
#[derive(Clone, Debug)]
pub struct ResourceLayer {
    resource: Resource,
    require: Arc<Require>,
}

impl ResourceLayer {
    /// Any token that is good will do.
    #[must_use]
    pub fn new(resource: Resource) -> Self {
        Self { resource, require: Arc::default() }
    }

    /// Only one that does what is required.
    #[must_use]
    pub fn requiring(self, require: Require) -> Self {
        Self { require: Arc::new(require), ..self }
    }
}

impl<S> Layer<S> for ResourceLayer {
    type Service = ResourceService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ResourceService { inner, layer: self.clone() }
    }
}

/// A service that a [`ResourceLayer`] stands before.
#[derive(Clone, Debug)]
pub struct ResourceService<S> {
    inner: S,
    layer: ResourceLayer,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for ResourceService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send,
    ReqBody: Send + 'static,
    ResBody: Default,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The one that was ready goes; its clone may not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let ResourceLayer { resource, require } = self.layer.clone();
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            let authorized = match resource.admit(&head, &require).await {
                Ok(authorized) => authorized,
                Err(refused) => return Ok(refused.map(|()| ResBody::default())),
            };
            let nonce = authorized.next_nonce.as_deref().and_then(|nonce| HeaderValue::from_str(nonce).ok());
            head.extensions.insert(authorized);
            let mut response = inner.call(Request::from_parts(head, body)).await?;
            if let Some(nonce) = nonce {
                response.headers_mut().insert(DPOP_NONCE, nonce);
            }
            Ok(response)
        })
    }
}
