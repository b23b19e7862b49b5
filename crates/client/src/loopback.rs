//! Where a native program's person comes back: RFC 8252 section 7.3.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::select_all;
use grantway_core::http::Form;
use grantway_core::secret::Secret;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::callback::CallbackFault;

/// Listens on this machine for one answer of a provider.
///
/// ```no_run
/// # use grantway_client::{Client, Loopback, SignIn};
/// # use std::time::Duration;
/// # async fn sign_in(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let here = Loopback::bind().await?;
/// let wish = SignIn::back_to(here.redirect_uri());
/// let open = |url: &str| println!("open {url}");
/// let signed_in = client.sign_in_here(here, &wish, Duration::from_secs(300), open).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Loopback {
    listeners: Vec<TcpListener>,
    redirect_uri: String,
}

impl Loopback {
    /// On `127.0.0.1`, at a free port: registered as `http://127.0.0.1/callback`.
    pub async fn bind() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let redirect_uri = format!("http://{}{PATH}", listener.local_addr()?);
        Ok(Self { listeners: vec![listener], redirect_uri })
    }

    /// At `http://localhost:PORT/callback`, for providers that know no addresses and want a port to be registered: on both
    /// addresses that the name may lead to.
    pub async fn localhost(port: u16) -> io::Result<Self> {
        let four = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = four.local_addr()?.port();
        let six = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(six) => Some(six),
            // Another program would get what browsers bring that try that address first.
            Err(taken) if taken.kind() == io::ErrorKind::AddrInUse => return Err(taken),
            // A machine without IPv6 has nobody who would come by it.
            Err(_) => None,
        };
        let listeners = std::iter::once(four).chain(six).collect();
        Ok(Self { listeners, redirect_uri: format!("http://localhost:{port}{PATH}") })
    }

    /// Where the person comes back.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the answer to the sign-in with that `state`, shows the person a page that sends her back to the
    /// program, and gives the query. Whatever else comes to this port is turned away and ends nothing.
    ///
    /// What comes of the answer, is not known yet when she sees the page; with
    /// [`Client::sign_in_here`](crate::Client::sign_in_here) she waits until it is.
    pub async fn receive(self, state: &Secret, patience: Duration) -> Result<String, CallbackFault> {
        let end = |query: String| ready((Words::before_the_end(&query), query));
        self.receive_and(state, patience, end).await
    }

    /// The same, and the person waits for her page until it is known what came of her answer. To find it out may take as
    /// long as it takes: patience is with the person.
    pub(crate) async fn receive_and<T, F>(
        self,
        state: &Secret,
        patience: Duration,
        end: impl FnOnce(String) -> F,
    ) -> Result<T, CallbackFault>
    where
        F: Future<Output = (Words, T)>,
    {
        let (tell, mut told) = mpsc::channel(1);
        let (say, words) = watch::channel(None);
        let connections = GracefulShutdown::new();
        let expected = Arc::new(Expected { state: state.clone(), tell, words });
        let outcome = {
            let mut accepting = pin!(self.accept(&connections, expected));
            let query = tokio::select! {
                never = &mut accepting => match never {},
                query = told.recv() => query,
                () = tokio::time::sleep(patience) => None,
            };
            let query = query.ok_or(CallbackFault::TimedOut)?;
            tokio::select! {
                never = &mut accepting => match never {},
                (words, outcome) = end(query) => {
                    say.send_replace(Some(words));
                    outcome
                }
            }
        };
        // The page is to arrive before the program, which may be short, has ended.
        let _ = tokio::time::timeout(PATIENCE_WITH_A_PAGE, connections.shutdown()).await;
        Ok(outcome)
    }

    /// Answers whoever comes.
    async fn accept(&self, connections: &GracefulShutdown, expected: Arc<Expected>) -> Infallible {
        loop {
            let Ok(connection) = accept(&self.listeners).await else {
                // Too many files are open, or somebody hung up at once: it passes.
                tokio::time::sleep(REST).await;
                continue;
            };
            let expected = Arc::clone(&expected);
            let service = service_fn(move |request| {
                let expected = Arc::clone(&expected);
                async move { Ok::<_, Infallible>(expected.answer(&request).await) }
            });
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE_WITH_A_HEAD)
                .serve_connection(TokioIo::new(connection), service);
            let watched = connections.watch(served);
            tokio::spawn(async move {
                // Whoever hangs up in the middle is not waited for.
                let _ = watched.await;
            });
        }
    }
}

/// What the person is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Words {
    GoOn,
    SignedIn,
    DidNotWork,
}

impl Words {
    /// Whether a code is a sign-in, the program finds out only then.
    fn before_the_end(query: &str) -> Self {
        let form = Form::parse(query.as_bytes()).ok();
        let has = |name| form.as_ref().is_some_and(|form| matches!(form.one(name), Ok(Some(_))));
        if has("code") && !has("error") { Self::GoOn } else { Self::DidNotWork }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::GoOn => "Go on in the program. You may close this window.",
            Self::SignedIn => "You are signed in. You may close this window.",
            Self::DidNotWork => "The sign-in did not work. Go back to the program, which says why.",
        }
    }
}

/// What is waited for, and what is said to whoever brings it.
struct Expected {
    state: Secret,
    tell: mpsc::Sender<String>,
    words: watch::Receiver<Option<Words>>,
}

impl Expected {
    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if request.uri().path() != PATH {
            return page(StatusCode::NOT_FOUND, "There is nothing here.");
        }
        if request.method() != Method::GET {
            let mut refused = page(StatusCode::METHOD_NOT_ALLOWED, "There is nothing here.");
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
            return refused;
        }
        let query = request.uri().query().unwrap_or_default();
        let form = Form::parse(query.as_bytes()).ok();
        let state = form.as_ref().and_then(|form| form.one("state").ok().flatten());
        if !state.is_some_and(|state| self.state.matches(state)) {
            return page(StatusCode::BAD_REQUEST, "This is not the sign-in that is waited for. Begin again.");
        }
        // The first one counts; a browser that asks again gets the same page.
        let _ = self.tell.try_send(query.to_owned());
        let mut words = self.words.clone();
        let words = words.wait_for(Option::is_some).await.ok().and_then(|words| *words);
        // Where nobody says anything, the program has gone away.
        page(StatusCode::OK, words.unwrap_or(Words::DidNotWork).text())
    }
}

/// From whichever listener somebody comes first.
async fn accept(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    let waiting = listeners.iter().map(|listener| Box::pin(listener.accept()));
    let (first, ..) = select_all(waiting).await;
    let (connection, _) = first?;
    Ok(connection)
}

fn page(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Sign-in</title>\n<main>\n<h1>Sign-in</h1>\n<p role=\"status\">{words}</p>\n</main>\n</html>\n"
    );
    let mut answer = Response::new(Full::from(html));
    *answer.status_mut() = status;
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

const PATH: &str = "/callback";
const REST: Duration = Duration::from_millis(50);
const PATIENCE_WITH_A_HEAD: Duration = Duration::from_secs(10);
const PATIENCE_WITH_A_PAGE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    /// What is answered to that request line.
    async fn asked(port: u16, line: &'static str) -> String {
        let asking = tokio::task::spawn_blocking(move || {
            let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
            write!(connection, "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            connection.read_to_string(&mut answer).unwrap();
            answer
        });
        asking.await.unwrap()
    }

    fn port_of(here: &Loopback) -> u16 {
        here.redirect_uri().parse::<url::Url>().unwrap().port().unwrap()
    }

    #[tokio::test]
    async fn only_the_answer_with_the_right_state_ends_the_waiting() {
        let here = Loopback::bind().await.unwrap();
        let port = port_of(&here);
        let waiting =
            tokio::spawn(async move { here.receive(&Secret::new("s1"), Duration::from_secs(60)).await });

        for (line, status) in [
            ("GET /favicon.ico", "404"),
            ("GET /callback", "400"),
            ("GET /callback?code=c&state=other", "400"),
            ("GET /callback?code=c&state=s1&state=s1", "400"),
            ("POST /callback?code=c&state=s1", "405"),
        ] {
            let answer = asked(port, line).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        }
        let page = asked(port, "GET /callback?code=c%2B1&state=s1&iss=x").await;

        assert_eq!(waiting.await.unwrap(), Ok("code=c%2B1&state=s1&iss=x".to_owned()));
        assert!(page.contains("Go on in the program."), "{page}");
        assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    }

    #[tokio::test]
    async fn an_error_is_an_answer_and_the_page_says_that_it_did_not_work() {
        let here = Loopback::localhost(0).await.unwrap();
        assert!(here.redirect_uri().starts_with("http://localhost:"), "{}", here.redirect_uri());
        let port = port_of(&here);
        let waiting =
            tokio::spawn(async move { here.receive(&Secret::new("s1"), Duration::from_secs(60)).await });

        let page = asked(port, "GET /callback?error=access_denied&state=s1").await;

        assert_eq!(waiting.await.unwrap(), Ok("error=access_denied&state=s1".to_owned()));
        assert!(page.contains("did not work"), "{page}");
    }

    #[tokio::test]
    async fn nobody_is_waited_for_for_ever() {
        let here = Loopback::bind().await.unwrap();
        let told = here.receive(&Secret::new("s"), Duration::ZERO).await;
        assert_eq!(told, Err(CallbackFault::TimedOut));
    }
}
