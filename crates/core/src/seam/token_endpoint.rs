use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;

use super::FetchFault;
use crate::secret::Secret;

/// Asks a token endpoint that somebody else named, as an onlooker who wants to tell how it went.
///
/// Whoever implements it follows no redirect, bounds time and size, and asks no address that its rules do not
/// allow. Asked by doctor; implemented by client.
#[async_trait]
pub trait TokenEndpoint: Debug + Send + Sync {
    /// Posts a form, once. An answer of whatever status is an answer.
    async fn post(&self, form: TokenForm<'_>) -> Posted;
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub struct TokenForm<'a> {
    /// Where.
    pub url: &'a str,
    /// The `Authorization` header, if the client proves in it who it is.
    pub authorization: Option<&'a Secret>,
    /// The body (`application/x-www-form-urlencoded`), in this order.
    pub parameters: &'a [(&'a str, Secret)],
    /// Is it told how far each step came? The way there is then gone once more beforehand, over a connection on which
    /// nothing is sent.
    pub watched: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Posted {
    /// The answer, decompressed: whole if its status is 200, as a token comes with no other (RFC 6749 section 5.1). Of one
    /// with another status there is what came soon of its body, and nothing of it if nobody watches.
    pub answer: Result<Response<Bytes>, FetchFault>,
    /// How far it came, if that was asked for: the last step is the one that failed, if one did. It may be the body of an
    /// answer that is told nevertheless.
    pub steps: Vec<Step>,
}

/// A step on the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Did it end well?
    pub ok: bool,
    /// It took so long.
    pub took: Duration,
    /// For people; names no secret.
    pub detail: String,
}

/// Which step it is, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// From the name to an address that may be asked.
    Address,
    /// Somebody listens there.
    Connect,
    /// He proves his name.
    Tls,
    /// From the first byte that is sent to the head of the answer.
    Request,
    /// The rest of the answer.
    Reply,
}

impl StepKind {
    /// In one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }
}
