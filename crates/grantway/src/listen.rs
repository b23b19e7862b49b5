//! Accepting connections: bounded in number and in patience, ended politely.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Language, Page, PageShell, PeerAddress, Reply, escape};
use http::HeaderValue;
use http::header::STRICT_TRANSPORT_SECURITY;
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Connection};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use tower::{Service, ServiceExt};

use crate::config::TrustedProxies;
use crate::messages::Messages;
use crate::outcome::{Exit, Failure};
use crate::tls::Tls;

/// Binds, so that the address is known before anything answers.
pub(crate) async fn bind(address: &str) -> Result<(TcpListener, SocketAddr), Failure> {
    let cannot = |fault: std::io::Error| {
        Failure::new(
            Exit::CouldNotRun,
            format!("{address} cannot be listened on"),
            fault,
            "choose another with --listen; 127.0.0.1:0 takes any free port",
        )
    };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    Ok((listener, bound))
}

/// Serves until `ended`, then lets requests that are under way finish; returns how long whatever else is under way
/// may still take.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    proxies: TrustedProxies,
    ended: impl Future<Output = ()>,
) -> Duration {
    let service = router.layer(axum::middleware::from_fn(within_patience));
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let (closing, closed) = watch::channel(());
    let mut ended = std::pin::pin!(ended);
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut ended => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, or the peer is gone already: others may fare better.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let proxies = proxies.clone();
        let service = service.clone().map_request(move |mut request: hyper::Request<Incoming>| {
            let origin = proxies.origin(peer.ip(), request.headers());
            request.extensions_mut().insert(PeerAddress(origin));
            if let Some(host) = proxies.host(peer.ip(), request.headers()) {
                request.extensions_mut().insert(host);
            }
            request
        });
        // An answer is one small write; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let watcher = graceful.watcher();
        let (tls, mut closed) = (tls.clone(), closed.clone());
        // A connection that breaks off concerns nobody but its peer, and nobody waits for its handshake.
        tokio::spawn(async move {
            match tls {
                None => drop(watcher.watch(speak_http1(stream, service)).await),
                Some(tls) => {
                    let shaken = tokio::select! {
                        shaken = tls.shake_hands(stream) => shaken,
                        _ = closed.changed() => None,
                    };
                    if let Some(stream) = shaken {
                        drop(watcher.watch(speak_http1(stream, service)).await);
                    }
                }
            }
            drop(permit);
        });
    }
    drop((listener, closing));
    let end = Instant::now() + FAREWELL;
    // Whoever takes longer is cut off.
    let _ = tokio::time::timeout_at(end, graceful.shutdown()).await;
    end.saturating_duration_since(Instant::now())
}

fn speak_http1<I, S>(stream: I, service: S) -> Connection<TokioIo<I>, TowerToHyperService<S>>
where
    I: AsyncRead + AsyncWrite + Unpin,
    S: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible> + Clone,
{
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}

/// The answer at every address that is nobody's: a page for a person, JSON for a program.
pub(crate) fn nothing_here(pages: &PageShell, headers: &http::HeaderMap) -> Response {
    let wants_page = headers
        .get(http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let reply = if wants_page {
        let language = Language::of_headers(headers);
        let say = Messages::of(language);
        let main =
            format!("<h1>{}</h1>\n<p>{}</p>", escape(say.nothing_here_title), escape(say.nothing_here));
        let status = http::StatusCode::NOT_FOUND;
        pages.page(&Page { language, status, title: say.not_found_title, main: &main })
    } else {
        let error = ProtocolError::new(ErrorCode::InvalidRequest, "there is nothing at this address");
        Reply::protocol_error(http::StatusCode::NOT_FOUND, &error, None)
    };
    into_response(reply)
}

/// Tells browsers never to come by plain http again (RFC 6797 section 7.1).
pub(crate) async fn https_alone(mut response: Response) -> Response {
    response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HSTS);
    response
}

/// An answer of ours as axum sends it.
pub(crate) fn into_response(reply: Reply) -> Response {
    let Reply { status, headers, body } = reply;
    (status, headers, axum::body::Body::from(body)).into_response()
}

async fn within_patience(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    tokio::time::timeout(REQUEST_PATIENCE, next.run(request)).await.unwrap_or_else(|_| {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = http::StatusCode::REQUEST_TIMEOUT;
        response
    })
}

/// For a year, and for this host alone: those below it are not ours to decide about.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// For the head of a request to arrive, and for the next request of a connection to begin.
const HEADER_PATIENCE: Duration = Duration::from_secs(15);
/// For a whole request, its body included: more than a provider has for the answer to a connection test, which is half a
/// minute.
const REQUEST_PATIENCE: Duration = Duration::from_secs(45);
/// For requests under way when the program is told to end.
const FAREWELL: Duration = Duration::from_secs(10);
/// More than these wait in the operating system's queue.
const MAX_CONNECTIONS: usize = 4096;
/// Room for an authorization request carried twice over in an address, and cookies.
const MAX_HEAD_BYTES: usize = 128 * 1024;
