//! `[server] trusted_proxies`: whose word is taken for where a request came from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use grantway_core::http::ForwardedHost;
use http::HeaderMap;
use ipnet::IpNet;

use super::networks::networks;
use crate::outcome::Failure;

/// The networks of our own proxies; none unless somebody says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Networks as CIDR (RFC 4632), or single addresses.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, Failure> {
        networks("trusted_proxies", texts).map(|networks| Self(networks.into()))
    }

    /// Who asks: the last in the row of `X-Forwarded-For` that is none of our proxies. Each proxy adds whom it
    /// heard it from, so that what stands before the first stranger is only what the stranger says.
    pub(crate) fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        if !self.trusts(nearest) {
            return nearest;
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        for hop in lines.flat_map(|line| hops(line.as_bytes())) {
            let Some(hop) = hop.and_then(address) else { break };
            nearest = hop.to_canonical();
            if !self.trusts(nearest) {
                break;
            }
        }
        nearest
    }

    /// The host that was asked for, if one of our proxies says so; the nearest saw it last.
    pub(crate) fn host(&self, peer: IpAddr, headers: &HeaderMap) -> Option<ForwardedHost> {
        if !self.trusts(peer.to_canonical()) {
            return None;
        }
        let said = headers.get_all(FORWARDED_HOST).iter().next_back()?;
        let host = hops(said.as_bytes()).next()??;
        Some(ForwardedHost(host.to_owned()))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// From the nearest on. Each is read by itself: no bytes of a stranger's spoil what a proxy adds to them.
fn hops(line: &[u8]) -> impl Iterator<Item = Option<&str>> {
    line.rsplit(|byte| *byte == b',').map(|hop| str::from_utf8(hop).ok().map(str::trim))
}

/// Some proxies write the port as well.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_HOST: &str = "x-forwarded-host";

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed_and_only_for_whom_they_saw_themselves() {
        let proxies = TrustedProxies::parse(&["10.0.0.0/8".into(), "2001:db8::1".into()]).unwrap();
        for (peer, said, origin) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("10.1.2.3", &[], "10.1.2.3"),
            ("10.1.2.3", &["198.51.100.7"], "198.51.100.7"),
            ("10.1.2.3", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("10.1.2.3", &["203.0.113.9", "198.51.100.7 , 10.9.9.9"], "198.51.100.7"),
            ("10.1.2.3", &["10.5.5.5"], "10.5.5.5"),
            ("10.1.2.3", &["198.51.100.7:1234"], "198.51.100.7"),
            ("10.1.2.3", &["[2001:db8::9]:80"], "2001:db8::9"),
            ("10.1.2.3", &["198.51.100.7, nonsense"], "10.1.2.3"),
            ("2001:db8::1", &["2001:db8::2"], "2001:db8::2"),
            ("::ffff:10.1.2.3", &["::ffff:198.51.100.7"], "198.51.100.7"),
        ] {
            let mut headers = HeaderMap::new();
            for said in said {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(said));
            }
            let found = proxies.origin(peer.parse().unwrap(), &headers);
            assert_eq!(found, origin.parse::<IpAddr>().unwrap(), "{peer} {said:?}");
        }
    }

    #[test]
    fn a_host_is_taken_from_our_proxies_alone() {
        let proxies = TrustedProxies::parse(&["10.0.0.0/8".into()]).unwrap();
        for (peer, said, host) in [
            ("10.1.2.3", &["app.test"][..], Some("app.test")),
            ("10.1.2.3", &["evil.test", "app.test"], Some("app.test")),
            ("10.1.2.3", &["evil.test, app.test"], Some("app.test")),
            ("10.1.2.3", &[], None),
            ("192.0.2.1", &["app.test"], None),
        ] {
            let mut headers = HeaderMap::new();
            for said in said {
                headers.append(FORWARDED_HOST, HeaderValue::from_static(said));
            }
            let found = proxies.host(peer.parse().unwrap(), &headers);
            assert_eq!(found, host.map(|host| ForwardedHost(host.to_owned())), "{peer} {said:?}");
        }
    }

    #[test]
    fn no_bytes_of_a_stranger_hide_what_a_proxy_adds_to_them() {
        let proxies = TrustedProxies::parse(&["10.0.0.0/8".into()]).unwrap();
        let peer = "10.1.2.3".parse().unwrap();
        let mut headers = HeaderMap::new();
        for (name, said) in [(FORWARDED_FOR, &b"\xff, 198.51.100.7"[..]), (FORWARDED_HOST, b"\xff,app.test")]
        {
            headers.insert(name, HeaderValue::from_bytes(said).unwrap());
        }

        assert_eq!(proxies.origin(peer, &headers), "198.51.100.7".parse::<IpAddr>().unwrap());
        assert_eq!(proxies.host(peer, &headers), Some(ForwardedHost("app.test".to_owned())));
    }

    #[test]
    fn nobody_is_trusted_unless_somebody_says_so_and_what_is_no_network_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("198.51.100.7"));
        let peer: IpAddr = "127.0.0.1".parse().unwrap();

        assert_eq!(TrustedProxies::default().origin(peer, &headers), peer);
        for bad in ["10.0.0.0/33", "proxy.internal", ""] {
            assert!(TrustedProxies::parse(&[bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
