//! What proxies say of a request: nothing that a stranger sends along changes whom our own proxies saw.

#![no_main]

// As in `configuration`: private to the programs, so it is built in here from where it stands.
#[path = "../../../crates/grantway/src/bounded.rs"]
mod bounded;
#[path = "../../../crates/grantway/src/config/mod.rs"]
#[expect(dead_code, reason = "the programs need the rest")]
mod config;
#[path = "../../../crates/grantway/src/outcome.rs"]
#[expect(dead_code, reason = "the programs need the rest")]
mod outcome;

use std::net::IpAddr;
use std::sync::LazyLock;

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

use crate::config::TrustedProxies;

// Each line is one header of the kind. The first byte says how many lines are a stranger's alone: he cannot
// be told from a proxy that is not ours.
fuzz_target!(|raw: &[u8]| {
    let Some((count, said)) = raw.split_first() else { return };
    let said: Vec<&[u8]> = said.split(|byte| *byte == b'\n').collect();
    let (before, added) = said.split_at(usize::from(*count).min(said.len()));

    // No listener takes such a request, so nobody is misled by it.
    if said.iter().any(|line| HeaderValue::from_bytes(line).is_err()) {
        return;
    }

    let honest = headers(added.iter().map(|line| line.to_vec()));
    let stranger: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_eq!(PROXIES.origin(stranger, &honest), stranger);
    assert_eq!(PROXIES.host(stranger, &honest), None);

    let proxy: IpAddr = "::ffff:10.1.2.3".parse().expect("an address");
    let mut lines = added.iter().map(|line| line.to_vec()).collect::<Vec<_>>();
    let (origin, host) = (PROXIES.origin(proxy, &honest), PROXIES.host(proxy, &honest));
    assert_eq!(origin, origin.to_canonical());
    // All of them ours: then the row goes on, and whoever stands before them was seen by one of ours.
    let is_stranger = PROXIES.origin(origin, &headers([b"198.51.100.7".to_vec()])) == origin;
    if let Some(first) = lines.first_mut() {
        // A proxy adds to the line it got, and others keep to lines of their own.
        *first = [&before.join(&b','), first.as_slice()].join(&b',');
        let misled = headers(before.iter().map(|line| line.to_vec()).chain(lines));
        if is_stranger {
            assert_eq!(PROXIES.origin(proxy, &misled), origin);
        }
        if host.is_some() {
            assert_eq!(PROXIES.host(proxy, &misled), host);
        }
    }
});

/// Both kinds of header, in those lines.
fn headers(lines: impl IntoIterator<Item = Vec<u8>>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let value = HeaderValue::from_bytes(&line).expect("each part was one");
        headers.append("x-forwarded-for", value.clone());
        headers.append("x-forwarded-host", value);
    }
    headers
}

static PROXIES: LazyLock<TrustedProxies> = LazyLock::new(|| {
    TrustedProxies::parse(&["10.0.0.0/8".into(), "2001:db8::/32".into()]).expect("two networks")
});
