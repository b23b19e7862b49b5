use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::body::{Body, Bytes, to_bytes};
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::received::{Received, pairs};
use super::reply::{Content, Reply};

/// A port of this machine that nobody answers at yet.
pub(super) struct Bound(TcpListener);

impl Bound {
    pub(super) fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").expect("a free port"))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("it is bound")
    }

    /// Answers from now on, in a thread of its own: whoever asks may block.
    pub(super) fn open(self, tls: Option<Arc<ServerConfig>>, answer: Answering) -> Open {
        let (close, closed) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_io().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = accept(self.0, tls.map(TlsAcceptor::from), answer) => {}
                    _ = closed => {}
                }
            });
        });
        Open { close: Some(close), thread: Some(thread) }
    }
}

/// What answers a request.
pub(super) type Answering = Arc<dyn Fn(Received) -> Reply + Send + Sync>;

/// A listener, until it is dropped.
#[derive(Debug)]
pub(super) struct Open {
    close: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        drop(self.close.take());
        if let Some(thread) = self.thread.take() {
            // A test that fails already has more to say than this.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, answer: Answering) {
    listener.set_nonblocking(true).expect("a socket that does not block");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime is here");
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, answer) = (tls.clone(), Arc::clone(&answer));
        tokio::spawn(async move {
            match tls {
                None => serve(stream, answer).await,
                Some(tls) => {
                    // Who does not trust us goes away in the middle of it.
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, answer).await;
                    }
                }
            }
        });
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, answer: Answering) {
    let service = service_fn(|request: Request<Incoming>| {
        let answer = Arc::clone(&answer);
        async move { response(answer(received(request).await?)) }
    });
    let connection =
        http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service);
    // A client may be gone before its answer, and some answers are that there is none.
    let _ = connection.await;
}

async fn received(request: Request<Incoming>) -> io::Result<Received> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(Body::new(body), MAX_REQUEST).await.map_err(io::Error::other)?.to_vec();
    let content_type = parts.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = content_type.is_some_and(|own| own.starts_with(crate::URLENCODED));
    Ok(Received {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts.headers,
        form: if is_form { pairs(&body) } else { Vec::new() },
        body,
    })
}

fn response(reply: Reply) -> io::Result<Response<Body>> {
    let body = match reply.content {
        Content::Whole(body) => Body::from(body),
        Content::Unending(begun) => {
            Body::from_stream(stream::iter([Ok::<_, io::Error>(Bytes::from(begun))]).chain(stream::pending()))
        }
        Content::Silence => return Err(io::Error::other("no answer is the answer")),
    };
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}

const MAX_REQUEST: usize = 1024 * 1024;
