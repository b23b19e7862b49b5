//! Networks as CIDR (RFC 4632), or single addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::outcome::Failure;

/// Those that the key of that name lists.
pub(super) fn networks(key: &str, texts: &[String]) -> Result<Vec<IpNet>, Failure> {
    let parse = |text: &String| {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| {
            Failure::configuration(
                format!("{key} has {text:?}, which is no network"),
                "it is neither an address nor an address with the length of its prefix",
                "give for example 10.0.0.0/8 or 2001:db8::1",
            )
        })
    };
    texts.iter().map(parse).collect()
}
