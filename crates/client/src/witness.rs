//! Somebody who sees what goes over the wire.

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use grantway_core::seam::FetchFault;
use http::{Request, Response};

/// Sees every request of a [`Transport`](crate::Transport), and what came of it, once that is known.
///
/// Called by the transport, in the task of whoever asked, so it is to be quick; implemented by a program that tells
/// people what it does. It sees everything as it is: secrets, codes and tokens are among it, and to hide them is its
/// affair. One that is passed to [`Transport::witnessed`](crate::Transport::witnessed) keeps nobody from asking.
///
/// ```
/// use grantway_client::{Exchange, Transport, TransportSettings, Witness};
///
/// #[derive(Debug)]
/// struct Told;
///
/// impl Witness for Told {
///     fn saw(&self, exchange: &Exchange<'_>) {
///         let path = exchange.request.uri().path();
///         match exchange.outcome {
///             Ok(answer) => eprintln!("{path}: {} after {:?}", answer.status(), exchange.took),
///             Err(fault) => eprintln!("{path}: {fault}"),
///         }
///     }
/// }
///
/// let transport = Transport::new(&TransportSettings::trusting())?.witnessed(Told);
/// # drop(transport);
/// # Ok::<(), grantway_client::TransportFault>(())
/// ```
pub trait Witness: Debug + Send + Sync {
    /// A request was sent, or was not.
    fn saw(&self, exchange: &Exchange<'_>);
}

/// A request, and what came of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// What was asked, without what the HTTP library adds.
    pub request: &'a Request<Bytes>,
    /// The answer with its body, decompressed; or why there is none.
    pub outcome: Result<&'a Response<Bytes>, &'a FetchFault>,
    /// From the first step to the last byte.
    pub took: Duration,
}

impl<'a> Exchange<'a> {
    /// One that was had otherwise: to show a witness of one's own what it has to cope with.
    #[must_use]
    pub const fn new(
        request: &'a Request<Bytes>,
        outcome: Result<&'a Response<Bytes>, &'a FetchFault>,
        took: Duration,
    ) -> Self {
        Self { request, outcome, took }
    }
}
