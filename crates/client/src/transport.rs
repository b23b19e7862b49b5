//! The only HTTP client: no redirects, time-outs, size caps, address rules.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use grantway_core::loopback::is_loopback;
use grantway_core::seam::{Fetch, FetchFault, FetchFaultKind, FetchRequest, Fetched, SeamError};
use grantway_core::secret::Secret;
use http::header::ACCEPT;
use http::{Request, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Proxy};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::address::AddressRules;
use crate::witness::{Exchange, Witness};

/// Asks others over HTTP. Clones share their connections.
#[derive(Clone)]
pub struct Transport {
    client: Client,
    pub(crate) addresses: Arc<AddressRules>,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) patience: Patience,
    pub(crate) proxied: bool,
    plain_http: bool,
    /// Bytes of an answer.
    most: usize,
    witness: Option<Arc<dyn Witness>>,
}

/// What may differ between transports.
#[derive(Clone, Debug, Default)]
pub struct TransportSettings {
    /// Who may be asked.
    pub addresses: AddressRules,
    /// Certificates, as PEM, that are trusted besides those of the machine.
    pub ca_bundle: Option<Vec<u8>>,
    /// The proxy that does the asking, as a URL; there may be a password in it.
    pub proxy: Option<Secret>,
    /// How long it waits.
    pub patience: Patience,
    /// May others than this machine be asked without TLS? Whatever is sent can then be read on the way.
    pub plain_http: bool,
}

impl TransportSettings {
    /// For URLs that whoever runs the program chose: see [`AddressRules::trusting`]. Everything else is as by default.
    ///
    /// ```
    /// # use grantway_client::{Transport, TransportSettings};
    /// let transport = Transport::new(&TransportSettings::trusting())?;
    /// # drop(transport);
    /// # Ok::<(), grantway_client::TransportFault>(())
    /// ```
    #[must_use]
    pub fn trusting() -> Self {
        Self { addresses: AddressRules::trusting(), ..Self::default() }
    }
}

/// How long is waited, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection, and for what a connection test would like to see besides: five seconds by default.
    pub connect: Duration,
    /// For the next bytes of an answer: ten seconds by default.
    pub idle: Duration,
    /// For everything: thirty seconds by default.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), idle: seconds(10), whole: seconds(30) }
    }
}

/// Why there is no transport.
#[derive(Debug, thiserror::Error)]
pub enum TransportFault {
    /// The bundle holds no certificate, or something else.
    #[error("the bundle of certificates cannot be read: {0}")]
    CaBundle(String),
    /// The proxy is no URL of one.
    #[error("the proxy cannot be used: {0}")]
    Proxy(String),
    /// The libraries do not go together.
    #[error("there is no TLS: {0}")]
    Tls(Box<dyn Error + Send + Sync>),
}

impl Transport {
    /// Ready to ask. The certificates of the machine are read now.
    pub fn new(settings: &TransportSettings) -> Result<Self, TransportFault> {
        let TransportSettings { addresses, ca_bundle, proxy, patience, plain_http } = settings;
        let addresses = Arc::new(addresses.clone());
        let tls = tls(ca_bundle.as_deref())?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .dns_resolver(Resolver {
                addresses: Arc::clone(&addresses),
                proxy: proxy.as_ref().and_then(|proxy| proxy_name(proxy.expose())),
            })
            .user_agent(concat!("Grantway/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(patience.connect)
            .read_timeout(patience.idle)
            .timeout(patience.whole);
        if let Some(proxy) = proxy {
            builder = builder.proxy(
                Proxy::all(proxy.expose())
                    .map_err(|why| TransportFault::Proxy(why.without_url().to_string()))?,
            );
        }
        let client = builder.build().map_err(|fault| TransportFault::Tls(fault.into()))?;
        Ok(Self {
            client,
            addresses,
            tls: Arc::new(tls),
            patience: *patience,
            proxied: proxy.is_some(),
            plain_http: *plain_http,
            most: USUAL_MOST_BYTES,
            witness: None,
        })
    }

    /// The same, and somebody sees what it sends and what comes back.
    #[must_use]
    pub fn witnessed(self, witness: impl Witness + 'static) -> Self {
        Self { witness: Some(Arc::new(witness)), ..self }
    }

    /// The same, for answers of up to so many bytes: of a mebibyte by default, which no provider needs, and a resource
    /// may.
    #[must_use]
    pub fn reading(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Sends a request, once, and reads the answer, whatever its status; a redirect is an answer. The body comes
    /// decompressed (gzip, deflate).
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, FetchFault> {
        let Some(witness) = &self.witness else { return self.whole(self.head(request).await?).await };
        let begun = Instant::now();
        let outcome = async { self.whole(self.head(request.clone()).await?).await }.await;
        witness.saw(&Exchange::new(&request, outcome.as_ref(), begun.elapsed()));
        outcome
    }

    /// Sends a request, and reads the head of the answer.
    pub(crate) async fn head(&self, request: Request<Bytes>) -> Result<reqwest::Response, FetchFault> {
        let (head, body) = request.into_parts();
        let url =
            Url::parse(&head.uri.to_string()).map_err(|why| fault(FetchFaultKind::Url, why.to_string()))?;
        self.looked_at(&url)?;
        self.client.request(head.method, url).headers(head.headers).body(body).send().await.map_err(told)
    }

    /// The answer with its body.
    pub(crate) async fn whole(&self, mut begun: reqwest::Response) -> Result<Response<Bytes>, FetchFault> {
        let mut answer = bare(&begun);
        let mut body = BytesMut::new();
        while let Some(chunk) = begun.chunk().await.map_err(told)? {
            if body.len() + chunk.len() > self.most {
                let detail = format!("the answer is longer than {} bytes", self.most);
                return Err(fault(FetchFaultKind::TooLarge, detail));
            }
            body.extend_from_slice(&chunk);
        }
        *answer.body_mut() = body.freeze();
        Ok(answer)
    }

    async fn answer(&self, request: FetchRequest<'_>) -> Result<Fetched, FetchFault> {
        let asked = Request::get(request.url).header(ACCEPT, request.accept).body(Bytes::new());
        let asked = asked.map_err(|why| fault(FetchFaultKind::Url, why.to_string()))?;
        let (head, body) = self.send(asked).await?.into_parts();
        Ok(Fetched::Answer { status: head.status, headers: head.headers, body })
    }

    /// An address that stands in the URL is never looked up, so it is looked at here.
    pub(crate) fn looked_at(&self, url: &Url) -> Result<(), FetchFault> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return self.sealed(url),
            None => return Err(fault(FetchFaultKind::Url, "the URL names no host")),
        };
        if self.addresses.permit(address) { self.sealed(url) } else { Err(forbidden(&Forbidden)) }
    }

    fn sealed(&self, url: &Url) -> Result<(), FetchFault> {
        let here = url.host().is_some_and(|host| is_loopback(&host));
        if url.scheme() == "https" || here || self.plain_http {
            Ok(())
        } else {
            Err(fault(
                FetchFaultKind::Url,
                "the URL is not https, and only this machine is asked without TLS",
            ))
        }
    }
}

#[async_trait]
impl Fetch for Transport {
    async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError> {
        Ok(self.answer(request).await.unwrap_or_else(Fetched::Refused))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

fn tls(ca_bundle: Option<&[u8]>) -> Result<ClientConfig, TransportFault> {
    let mut roots = RootCertStore::empty();
    // A machine that trusts nobody can still ask those of the bundle.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(bundle) = ca_bundle {
        let unreadable = |why: String| TransportFault::CaBundle(why);
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(bundle)
            .collect::<Result<_, _>>()
            .map_err(|why| unreadable(why.to_string()))?;
        if certificates.is_empty() {
            return Err(unreadable("it holds no certificate".to_owned()));
        }
        for certificate in certificates {
            roots.add(certificate).map_err(|why| unreadable(why.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| TransportFault::Tls(why.into()))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// The answer without its body.
pub(crate) fn bare(begun: &reqwest::Response) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = begun.status();
    answer.headers_mut().clone_from(begun.headers());
    answer
}

/// Looks names up, and answers only with addresses that may be asked. What it answers is what is connected to,
/// so a name that leads elsewhere a moment later leads nowhere.
struct Resolver {
    addresses: Arc<AddressRules>,
    /// Whose name the operator gave: it may lead wherever it leads. Whoever is asked through a proxy is not looked
    /// up here.
    proxy: Option<String>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = Arc::clone(&self.addresses);
        let is_proxy = self.proxy.as_deref().is_some_and(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(NotFound)?;
            let permitted = if is_proxy { found.collect() } else { permitted(&rules, found)? };
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// Of several addresses of one name, those alone that may be asked.
pub(crate) fn permitted(
    rules: &AddressRules,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, Forbidden> {
    let permitted: Vec<_> = found.filter(|address| rules.permit(address.ip())).collect();
    if permitted.is_empty() { Err(Forbidden) } else { Ok(permitted) }
}

/// What is looked up to find the proxy, if anything is.
fn proxy_name(proxy: &str) -> Option<String> {
    // reqwest takes `host:port` for an HTTP proxy too.
    let url = match Url::parse(proxy) {
        Ok(url) if url.has_host() => url,
        _ => Url::parse(&format!("http://{proxy}")).ok()?,
    };
    url.domain().map(str::to_owned)
}

#[derive(Debug, thiserror::Error)]
#[error("the address is not one that may be asked from here")]
pub(crate) struct Forbidden;

#[derive(Debug, thiserror::Error)]
#[error("the name is not known: {0}")]
struct NotFound(std::io::Error);

/// What came of it, in one kind and the words of the library, which name no secret: the URL is left out.
pub(crate) fn told(why: reqwest::Error) -> FetchFault {
    let why = why.without_url();
    let last = causes(&why).last().map_or_else(|| why.to_string(), ToString::to_string);
    if cause::<Forbidden>(&why) {
        return forbidden(&Forbidden);
    }
    let kind = if cause::<NotFound>(&why) {
        FetchFaultKind::Name
    } else if why.is_timeout() {
        FetchFaultKind::Timeout
    } else if let Some(kind) = kind_of_tls(&why) {
        kind
    } else if why.is_connect() {
        FetchFaultKind::Connection
    } else {
        FetchFaultKind::Protocol
    };
    fault(kind, last)
}

/// What it is if TLS did not come about, none if that is not why: whoever sends something else, such as HTTP, proves
/// nothing wrong about himself.
pub(crate) fn kind_of_tls(why: &(dyn Error + 'static)) -> Option<FetchFaultKind> {
    match causes(why).find_map(<dyn Error>::downcast_ref)? {
        rustls::Error::InvalidMessage(_) => Some(FetchFaultKind::Protocol),
        _ => Some(FetchFaultKind::Tls),
    }
}

fn cause<E: Error + 'static>(of: &(dyn Error + 'static)) -> bool {
    causes(of).any(<dyn Error>::is::<E>)
}

/// It, and what it was made of, down to the first.
fn causes<'a>(of: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(of), |cause| -> Option<&'a (dyn Error + 'static)> {
        let cause: &'a (dyn Error + 'static) = *cause;
        // An I/O error names the cause of the one that it was made of, and passes over that one.
        match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(within) => Some(within),
            None => cause.source(),
        }
    })
}

pub(crate) fn forbidden(why: &Forbidden) -> FetchFault {
    fault(FetchFaultKind::Address, why.to_string())
}

pub(crate) fn fault(kind: FetchFaultKind, detail: impl Into<String>) -> FetchFault {
    FetchFault { kind, detail: detail.into() }
}

const USUAL_MOST_BYTES: usize = 1024 * 1024;
