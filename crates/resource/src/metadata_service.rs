//! The metadata of a protected resource, served.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower_service::Service;

use crate::resource::Resource;

impl Resource {
    /// The path at which its metadata has to be served, if it has any.
    #[must_use]
    pub fn metadata_path(&self) -> Option<&str> {
        self.0.published.as_ref().map(|published| published.path.as_str())
    }

    /// A service that answers every request with its metadata, to be put at [`Resource::metadata_path`]; if it has none,
    /// with 404.
    #[must_use]
    pub fn metadata_service<B>(&self) -> MetadataService<B> {
        MetadataService { resource: self.clone(), body: PhantomData }
    }
}

/// Answers with the metadata of a [`Resource`], in the body type of whoever serves it.
pub struct MetadataService<B> {
    resource: Resource,
    body: PhantomData<fn() -> B>,
}

impl<R, B: From<Bytes>> Service<Request<R>> for MetadataService<B> {
    type Response = Response<B>;
    type Error = Infallible;
    type Future = Ready<Result<Response<B>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<R>) -> Self::Future {
        let published = self.resource.0.published.as_ref();
        let answer = published.map_or_else(not_found, |published| published.answer(request.method()));
        ready(Ok(answer.map(B::from)))
    }
}

fn not_found() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

impl<B> Clone for MetadataService<B> {
    fn clone(&self) -> Self {
        Self { resource: self.resource.clone(), body: PhantomData }
    }
}

impl<B> fmt::Debug for MetadataService<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetadataService").finish_non_exhaustive()
    }
}
