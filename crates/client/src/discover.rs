//! A provider's metadata, from wherever it lies: OpenID Connect Discovery section 4, RFC 8414 section 3.

use grantway_core::metadata::{ServerMetadata, placements};
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};

use crate::error::SetupFault;
use crate::provider::{IssuerTemplate, Provider};
use crate::transport::Transport;
use bytes::Bytes;
use grantway_core::failure::FailureClass;
use grantway_core::seam::FetchFault;

/// A provider that told of itself.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// What it told.
    pub provider: Provider,
    /// Where that lay.
    pub found_at: String,
    /// Where it did not lie, and what was there instead, in the order they were asked.
    pub passed_over: Vec<(String, NoMetadata)>,
}

/// Why an address gave no metadata.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoMetadata {
    /// Nobody answered, or was asked.
    #[error(transparent)]
    Unreached(#[from] FetchFault),
    /// There is something else.
    #[error("the answer is {0}")]
    Status(StatusCode),
    /// It cannot be read.
    #[error("the answer is no metadata: {0}")]
    Malformed(String),
    /// It speaks of somebody else. Whoever believed it would send codes and secrets to whoever can publish a document
    /// (RFC 8414 section 3.3).
    #[error("the metadata is that of {found:?} and not of the issuer")]
    Issuer {
        /// Of whom.
        found: String,
    },
}

/// Why a provider's metadata could not be had.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is no URL of one.
    #[error(transparent)]
    Setup(#[from] SetupFault),
    /// It lies nowhere where it may lie.
    #[error("{issuer} tells nothing of itself: {}", told(.tried))]
    Nowhere {
        /// Whose was looked for.
        issuer: String,
        /// Where, and what was there.
        tried: Vec<(String, NoMetadata)>,
    },
}

impl DiscoveryError {
    /// Who has to do something, and what.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        let Self::Nowhere { tried, .. } = self else { return FailureClass::Config };
        let of = |why: &NoMetadata| match why {
            NoMetadata::Unreached(fault) => FailureClass::of_fetch(fault.kind),
            NoMetadata::Status(status) => FailureClass::of_status(*status, None),
            NoMetadata::Malformed(_) | NoMetadata::Issuer { .. } => FailureClass::Config,
        };
        let transient = tried.iter().map(|(_, why)| of(why)).find(|class| *class != FailureClass::Config);
        transient.unwrap_or(FailureClass::Config)
    }
}

/// Asks an issuer for its metadata. The issuer of the document has to be the one that was asked, byte for byte.
pub async fn discover(transport: &Transport, issuer: &str) -> Result<Discovered, DiscoveryError> {
    look(transport, issuer, |found| found == issuer).await
}

/// The same for a provider with an issuer for each tenant, whose common metadata names the template.
///
/// `issuer` is what stands before `/.well-known`: `https://login.microsoftonline.com/common/v2.0`.
pub async fn discover_template(
    transport: &Transport,
    issuer: &str,
    template: IssuerTemplate,
) -> Result<Discovered, DiscoveryError> {
    let mut discovered =
        look(transport, issuer, |found| template.is_written(found) || template.fits(found)).await?;
    discovered.provider.issuer_template = Some(template);
    Ok(discovered)
}

async fn look(
    transport: &Transport,
    issuer: &str,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Discovered, DiscoveryError> {
    let places = placements(issuer).map_err(|_| SetupFault::Issuer(issuer.to_owned()))?;
    let mut passed_over = Vec::new();
    for place in places {
        match ask(transport, &place).await {
            Ok(metadata) if is_meant(&metadata.issuer) => {
                return Ok(Discovered { provider: Provider::new(metadata), found_at: place, passed_over });
            }
            Ok(metadata) => passed_over.push((place, NoMetadata::Issuer { found: metadata.issuer })),
            Err(why) => passed_over.push((place, why)),
        }
    }
    Err(DiscoveryError::Nowhere { issuer: issuer.to_owned(), tried: passed_over })
}

async fn ask(transport: &Transport, place: &str) -> Result<ServerMetadata, NoMetadata> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = place.parse().map_err(|why| NoMetadata::Malformed(format!("{why}")))?;
    *request.headers_mut() = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let answer = transport.send(request).await?;
    if answer.status() != StatusCode::OK {
        return Err(NoMetadata::Status(answer.status()));
    }
    serde_json::from_slice(answer.body()).map_err(|why| {
        let page = answer.body().trim_ascii_start().starts_with(b"<");
        NoMetadata::Malformed(if page { "it is an HTML page".to_owned() } else { why.to_string() })
    })
}

fn told(tried: &[(String, NoMetadata)]) -> String {
    tried.iter().map(|(place, why)| format!("{place}: {why}")).collect::<Vec<_>>().join("; ")
}
