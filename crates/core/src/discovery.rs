//! What an issuer tells of itself, from wherever that lies: OpenID Connect Discovery section 4, RFC 8414 section 3.

use bytes::Bytes;
use http::StatusCode;

use crate::error::Malformed;
use crate::metadata::{ServerMetadata, placements};
use crate::seam::{Fetch, FetchFault, FetchRequest, Fetched, SeamError};

/// An issuer's metadata, and the way to it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it tells.
    pub metadata: ServerMetadata,
    /// Where that lay.
    pub found_at: String,
    /// Where it did not lie, and what was there instead, in the order they were asked.
    pub passed_over: Vec<(String, NoMetadata)>,
}

/// Why an address gave no metadata.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoMetadata {
    /// Nobody answered, or was asked.
    #[error("{0}")]
    Unreached(FetchFault),
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

/// Why an issuer's metadata could not be had.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryFault {
    /// The issuer is no URL of one.
    #[error(transparent)]
    Issuer(#[from] Malformed),
    /// It lies nowhere where it may lie.
    #[error("{}", told(.0))]
    Nowhere(Vec<(String, NoMetadata)>),
    /// Whoever would have asked is broken.
    #[error(transparent)]
    Seam(#[from] SeamError),
}

/// Asks for the metadata of an issuer in every place where it may lie, the likeliest first, until there is one that
/// `judge` takes: it has at least to be [of that issuer](is_of).
pub async fn discover(
    fetch: &dyn Fetch,
    issuer: &str,
    judge: impl Fn(&ServerMetadata) -> Result<(), NoMetadata> + Send + Sync,
) -> Result<Found, DiscoveryFault> {
    let mut passed_over = Vec::new();
    for place in placements(issuer)? {
        let asked = fetch.fetch(FetchRequest { url: &place, accept: "application/json" }).await?;
        match read(asked).and_then(|metadata| judge(&metadata).map(|()| metadata)) {
            Ok(metadata) => return Ok(Found { metadata, found_at: place, passed_over }),
            // All places are of one host.
            Err(why @ NoMetadata::Unreached(_)) => {
                passed_over.push((place, why));
                break;
            }
            Err(why) => passed_over.push((place, why)),
        }
    }
    Err(DiscoveryFault::Nowhere(passed_over))
}

/// Is that what this issuer says of itself? Compared byte for byte (RFC 8414 section 3.3).
pub fn is_of(issuer: &str, metadata: &ServerMetadata) -> Result<(), NoMetadata> {
    if metadata.issuer == issuer {
        Ok(())
    } else {
        Err(NoMetadata::Issuer { found: metadata.issuer.clone() })
    }
}

fn read(asked: Fetched) -> Result<ServerMetadata, NoMetadata> {
    match asked {
        Fetched::Answer { status: StatusCode::OK, body, .. } => document(&body),
        Fetched::Answer { status, .. } => Err(NoMetadata::Status(status)),
        Fetched::Refused(fault) => Err(NoMetadata::Unreached(fault)),
    }
}

fn document(body: &Bytes) -> Result<ServerMetadata, NoMetadata> {
    serde_json::from_slice(body).map_err(|why| {
        let page = body.trim_ascii_start().starts_with(b"<");
        NoMetadata::Malformed(if page { "it is an HTML page".to_owned() } else { why.to_string() })
    })
}

fn told(tried: &[(String, NoMetadata)]) -> String {
    tried.iter().map(|(place, why)| format!("{place}: {why}")).collect::<Vec<_>>().join("; ")
}
