//! Who is at the other end of a connection, and whom he asked for.

use std::net::IpAddr;

/// The address that a request came from, as far as it can be trusted. Whoever accepts connections puts it
/// into the extensions of each request; without it nothing is counted by address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// The host that was asked for, where a proxy that is trusted says that it was another than the `Host` it sent.
/// Whoever accepts connections puts it into the extensions of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardedHost(pub String);
