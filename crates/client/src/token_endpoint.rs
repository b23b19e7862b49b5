//! A token endpoint of somebody else, asked under observation.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use grantway_core::seam::{FetchFault, FetchFaultKind, Posted, Step, StepKind, TokenEndpoint, TokenForm};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio::time::{timeout, timeout_at};
use tokio_rustls::TlsConnector;
use url::{Host, Url, form_urlencoded};

use crate::transport::{Transport, bare, fault, forbidden, kind_of_tls, permitted, told};

#[async_trait]
impl TokenEndpoint for Transport {
    async fn post(&self, form: TokenForm<'_>) -> Posted {
        let mut walk = Walk::begin(self.patience.whole);
        if form.watched && !self.proxied {
            // What stops the way there stops the request as well, which then says so itself.
            if let Err(why) = within(walk.left(), self.way(form.url, &mut walk)).await {
                walk.failed(&why);
            }
        }
        let answer = self.ask(form, &mut walk).await;
        if let Err(why) = &answer {
            walk.failed(why);
        }
        let steps = if form.watched { walk.steps } else { Vec::new() };
        Posted { answer, steps }
    }
}

impl Transport {
    async fn ask(&self, form: TokenForm<'_>, walk: &mut Walk) -> Result<Response<Bytes>, FetchFault> {
        walk.go_on(StepKind::Request);
        let head = within(walk.left(), self.head(request(form)?)).await?;
        // Whatever failed beforehand did not stop it.
        walk.steps.retain(|step| step.ok);
        walk.done(format!("{:?}, status {}", head.version(), head.status().as_u16()));
        walk.go_on(StepKind::Reply);
        // RFC 6749 section 5.1: any other status says that no token came, whatever becomes of the rest.
        if head.status() != StatusCode::OK {
            let answer = if form.watched { self.beginning(head, walk).await } else { bare(&head) };
            return Ok(answer);
        }
        let answer = within(walk.left(), self.whole(head)).await?;
        walk.done(format!("{} bytes", answer.body().len()));
        Ok(answer)
    }

    /// The answer with what comes soon of its body, for whoever wants to know.
    async fn beginning(&self, mut begun: reqwest::Response, walk: &mut Walk) -> Response<Bytes> {
        let mut answer = bare(&begun);
        let mut body = BytesMut::new();
        let until = Instant::now() + self.patience.connect.min(walk.left());
        let end = loop {
            let chunk = timeout_at(until.into(), begun.chunk()).await;
            match chunk.map_or_else(late, |chunk| chunk.map_err(told)) {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break Ok(format!("{} bytes", body.len())),
                Err(why) => break Err(format!("{} bytes, and no more: {}", body.len(), why.detail)),
            }
            if body.len() > MAX_BEGINNING {
                body.truncate(MAX_BEGINNING);
                break Ok(format!("the first {MAX_BEGINNING} bytes; what follows was not read"));
            }
        };
        match end {
            Ok(detail) => walk.done(detail),
            Err(detail) => walk.broke_off(detail),
        }
        *answer.body_mut() = body.freeze();
        answer
    }

    /// To whoever listens there, step by step; nothing is sent to him.
    async fn way(&self, url: &str, walk: &mut Walk) -> Result<(), FetchFault> {
        let url = Url::parse(url).map_err(|why| fault(FetchFaultKind::Url, why.to_string()))?;
        self.looked_at(&url)?;
        let addresses = self.soon(self.addresses_of(&url)).await?;
        let shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
        walk.done(shown.join(", "));
        walk.go_on(StepKind::Connect);
        let connection = self.soon(async {
            let connection = TcpStream::connect(&addresses[..]).await;
            connection.map_err(|why| fault(FetchFaultKind::Connection, why.to_string()))
        });
        let connection = connection.await?;
        walk.done(connection.peer_addr().map(|peer| peer.to_string()).unwrap_or_default());
        if url.scheme() == "https" {
            walk.go_on(StepKind::Tls);
            let detail = self.soon(self.handshake(&url, connection)).await?;
            walk.done(detail);
        }
        Ok(())
    }

    async fn addresses_of(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchFault> {
        let port = url.port_or_known_default().unwrap_or(0);
        let name = match url.host() {
            Some(Host::Ipv4(address)) => return Ok(vec![(IpAddr::V4(address), port).into()]),
            Some(Host::Ipv6(address)) => return Ok(vec![(IpAddr::V6(address), port).into()]),
            Some(Host::Domain(name)) => name,
            None => return Err(fault(FetchFaultKind::Url, "the URL names no host")),
        };
        let found = tokio::net::lookup_host((name, port)).await;
        let found = found.map_err(|why| fault(FetchFaultKind::Name, why.to_string()))?;
        permitted(&self.addresses, found).map_err(|why| forbidden(&why))
    }

    async fn handshake(&self, url: &Url, connection: TcpStream) -> Result<String, FetchFault> {
        let failed = |why: String| fault(FetchFaultKind::Tls, why);
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name).map_err(|why| failed(why.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let sealed = connector
            .connect(name, connection)
            .await
            .map_err(|why| fault(kind_of_tls(&why).unwrap_or(FetchFaultKind::Tls), why.to_string()))?;
        let (_, session) = sealed.get_ref();
        let version = session.protocol_version().and_then(|version| version.as_str()).unwrap_or("TLS");
        let chain = session.peer_certificates().map_or(0, <[_]>::len);
        Ok(format!("{version}, {chain} certificates"))
    }

    async fn soon<T>(&self, step: impl Future<Output = Result<T, FetchFault>>) -> Result<T, FetchFault> {
        within(self.patience.connect, step).await
    }
}

/// How far it came.
struct Walk {
    /// When all of it has to be over.
    until: Instant,
    steps: Vec<Step>,
    kind: StepKind,
    since: Instant,
}

impl Walk {
    fn begin(patience: Duration) -> Self {
        let since = Instant::now();
        Self { until: since + patience, steps: Vec::new(), kind: StepKind::Address, since }
    }

    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    fn go_on(&mut self, kind: StepKind) {
        (self.kind, self.since) = (kind, Instant::now());
    }

    fn done(&mut self, detail: String) {
        self.ended(true, detail);
    }

    fn broke_off(&mut self, detail: String) {
        self.ended(false, detail);
    }

    fn ended(&mut self, ok: bool, detail: String) {
        self.steps.push(Step { kind: self.kind, ok, took: self.since.elapsed(), detail });
    }

    /// The first failure is the one that counts.
    fn failed(&mut self, why: &FetchFault) {
        if self.steps.last().is_none_or(|step| step.ok) {
            self.broke_off(why.detail.clone());
        }
    }
}

async fn within<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, FetchFault>>,
) -> Result<T, FetchFault> {
    timeout(limit, step).await.unwrap_or_else(late)
}

fn late<T>(_: Elapsed) -> Result<T, FetchFault> {
    Err(fault(FetchFaultKind::Timeout, "it took too long"))
}

fn request(form: TokenForm<'_>) -> Result<Request<Bytes>, FetchFault> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form.parameters.iter().map(|(name, value)| (name, value.expose())));
    let mut request = Request::post(form.url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(authorization) = form.authorization {
        let mut header = HeaderValue::from_str(authorization.expose())
            .map_err(|_| fault(FetchFaultKind::Url, "the credentials cannot stand in a header"))?;
        header.set_sensitive(true);
        request = request.header(AUTHORIZATION, header);
    }
    request.body(body.finish().into()).map_err(|why| fault(FetchFaultKind::Url, why.to_string()))
}

/// More than any error that is explained.
const MAX_BEGINNING: usize = 64 * 1024;
