use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::SeamError;

/// Gets a document from an address that somebody else may have chosen.
///
/// Whoever implements it follows no redirect, bounds time and size, and asks no address that its rules do not
/// allow. Asked by jose (key sets of others) and resource (metadata of issuers); implemented by client.
#[async_trait]
pub trait Fetch: Debug + Send + Sync {
    /// GET, once. An answer of whatever status is an answer.
    async fn fetch(&self, request: FetchRequest<'_>) -> Result<Fetched, SeamError>;
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct FetchRequest<'a> {
    /// Where.
    pub url: &'a str,
    /// In what form it would do (`Accept`, RFC 9110 section 12.5.1).
    pub accept: &'static str,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Somebody answered.
    Answer {
        /// How.
        status: StatusCode,
        /// With these headers.
        headers: HeaderMap,
        /// And that.
        body: Bytes,
    },
    /// Nobody did, or was asked.
    Refused(FetchFault),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FetchFault {
    /// For a program.
    pub kind: FetchFaultKind,
    /// For an operator; names no secret.
    pub detail: String,
}

/// At which step it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchFaultKind {
    /// The URL is none that can be asked.
    Url,
    /// Nobody knows the name.
    Name,
    /// The address may not be asked from here.
    Address,
    /// Nobody listens there.
    Connection,
    /// The certificate is not trusted, or TLS failed otherwise.
    Tls,
    /// It took too long.
    Timeout,
    /// The answer is too long.
    TooLarge,
    /// What came is no HTTP, or broke off.
    Protocol,
}
