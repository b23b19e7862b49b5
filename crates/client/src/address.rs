//! Which addresses may be asked when somebody else chose the URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// The strict rules are the default: the public internet and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressRules {
    /// Networks that may be asked although they are not public. Link-local addresses and metadata services
    /// stay refused.
    pub allow: Vec<IpNet>,
    /// May this machine be asked?
    pub loopback: bool,
}

impl AddressRules {
    /// For URLs that whoever runs the program chose: private networks and this machine may be asked. Link-local addresses
    /// and metadata services stay refused.
    ///
    /// ```
    /// # use grantway_client::AddressRules;
    /// let rules = AddressRules::trusting();
    /// assert!(rules.permit([10, 0, 0, 1].into()));
    /// assert!(!rules.permit([169, 254, 169, 254].into()));
    /// ```
    #[must_use]
    pub fn trusting() -> Self {
        let everything = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
        Self {
            allow: everything.into_iter().filter_map(|network| IpNet::new(network, 0).ok()).collect(),
            loopback: true,
        }
    }

    /// May it be asked?
    #[must_use]
    pub fn permit(&self, address: IpAddr) -> bool {
        let address = meant(address);
        match reach(address) {
            Reach::Never => false,
            Reach::Public => true,
            Reach::Loopback if self.loopback => true,
            Reach::Loopback | Reach::Private => self.allow.iter().any(|network| network.contains(&address)),
        }
    }
}

/// How far an address reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Everybody's.
    Public,
    /// This machine.
    Loopback,
    /// Of a network that is somebody's own, or of no use.
    Private,
    /// The neighbours on the wire, what a cloud tells a machine of itself, and what is nobody.
    Never,
}

fn reach(address: IpAddr) -> Reach {
    if METADATA.contains(&address) {
        return Reach::Never;
    }
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The special-purpose registry of IPv4 (RFC 6890).
fn reach_v4(address: Ipv4Addr) -> Reach {
    let octets = address.octets();
    if address.is_loopback() {
        Reach::Loopback
    } else if address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
    {
        Reach::Never
    } else if address.is_private()
        || address.is_documentation()
        || matches!(
            octets,
            // This network, shared by carriers (RFC 6598), protocol assignments, benchmarks, and reserved.
            [0 | 240..=255, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18..=19, ..]
        )
    {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// The special-purpose registry of IPv6 (RFC 6890).
fn reach_v6(address: Ipv6Addr) -> Reach {
    let first = address.segments()[0];
    if address.is_loopback() {
        Reach::Loopback
    } else if address.is_unspecified() || address.is_multicast() || first & 0xffc0 == 0xfe80 {
        Reach::Never
    } else if first & 0xe000 == 0x2000 && !matches!(address.segments(), [0x2001, 0..=0x1ff | 0xdb8, ..]) {
        Reach::Public
    } else {
        Reach::Private
    }
}

/// An IPv4 address in the dress of an IPv6 address is that address: mapped or compatible (RFC 4291 section
/// 2.5.5), translated (RFC 6052) or by way of 6to4 (RFC 3056).
fn meant(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address.to_canonical() else { return address.to_canonical() };
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match six.segments() {
        // What stands there in `::` and `::1` is no address of IPv4.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => IpAddr::V6(six),
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            pair(high, low)
        }
        _ => IpAddr::V6(six),
    }
}

/// Where clouds tell a machine of itself, outside the link-local networks.
const METADATA: [IpAddr; 7] = [
    // Amazon, over IPv6.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    // Amazon's pods, over IPv6.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    // Scaleway, over IPv6.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42)),
    // Oracle.
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    // Google, over IPv6.
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
    // Alibaba.
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    // Azure.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allow: &[&str], loopback: bool) -> AddressRules {
        AddressRules { allow: allow.iter().map(|network| network.parse().unwrap()).collect(), loopback }
    }

    #[test]
    fn only_the_public_internet_may_be_asked_unless_somebody_says_so() {
        let all = rules(&["0.0.0.0/0", "::/0"], true);
        for (address, usually, at_most) in [
            ("93.184.216.34", true, true),
            ("2606:2800:220:1:248:1893:25c8:1946", true, true),
            ("10.1.2.3", false, true),
            ("172.31.0.1", false, true),
            ("192.168.0.1", false, true),
            ("100.64.0.1", false, true),
            ("198.18.0.1", false, true),
            ("192.0.2.1", false, true),
            ("0.1.2.3", false, true),
            ("241.0.0.1", false, true),
            ("fd12::1", false, true),
            ("fec0::1", false, true),
            ("2001:db8::1", false, true),
            ("2001::1", false, true),
            ("127.0.0.1", false, true),
            ("127.8.8.8", false, true),
            ("::1", false, true),
            ("::ffff:127.0.0.1", false, true),
            ("::ffff:10.0.0.1", false, true),
            ("::7f00:1", false, true),
            ("64:ff9b::a00:1", false, true),
            ("2002:a00:1::", false, true),
            ("64:ff9b::5db8:d822", true, true),
            ("169.254.169.254", false, false),
            ("169.254.0.1", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("64:ff9b::a9fe:a9fe", false, false),
            ("2002:a9fe:a9fe::", false, false),
            ("fe80::1", false, false),
            ("febf::1", false, false),
            ("fd00:ec2::254", false, false),
            ("fd20:ce::254", false, false),
            ("fd00:ec2::23", false, false),
            ("fd00:42::42", false, false),
            ("192.0.0.192", false, false),
            ("100.100.100.200", false, false),
            ("168.63.129.16", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("255.255.255.255", false, false),
            ("224.0.0.1", false, false),
            ("ff02::1", false, false),
        ] {
            let parsed: IpAddr = address.parse().unwrap();
            assert_eq!(AddressRules::default().permit(parsed), usually, "{address}");
            assert_eq!(all.permit(parsed), at_most, "{address}, with everything allowed");
        }
    }

    #[test]
    fn a_network_that_is_allowed_brings_no_other() {
        let rules = rules(&["10.1.0.0/16"], false);
        assert!(rules.permit("10.1.2.3".parse().unwrap()));
        assert!(rules.permit("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!rules.permit("10.2.2.3".parse().unwrap()));
        assert!(!rules.permit("127.0.0.1".parse().unwrap()));
    }
}
