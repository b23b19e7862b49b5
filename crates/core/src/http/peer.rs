//! Who is at the other end of a connection.

use std::net::IpAddr;

/// The address that a request came from, as far as it can be trusted. Whoever accepts connections puts it
/// into the extensions of each request; without it nothing is counted by address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);
