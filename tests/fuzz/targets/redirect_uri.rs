//! Redirect URIs: what may be registered leads nowhere else in a browser, and what matches differs by no
//! more than the port of a loopback address.

#![no_main]

use grantway_core::redirect::RedirectUri;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

// The first line is registered; the second asked for, or the first if there is none.
fuzz_target!(|text: &str| {
    let (registered, asked) = text.split_once('\n').unwrap_or((text, text));
    check_source(asked);
    let Ok(registered) = registered.parse::<RedirectUri>() else { return };
    check_registered(registered.as_str());
    assert!(registered.matches(registered.as_str()));
    if registered.matches(asked) {
        check_registered(asked);
        check_match(registered.as_str(), asked);
        assert!(asked.parse::<RedirectUri>().expect("as good as the registered one").matches(asked));
    }
});

fn check_registered(raw: &str) {
    assert!(raw.len() <= 2048);
    assert!(raw.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && byte != b'\\'), "{raw:?}");
    let url = Url::parse(raw).expect("a registered URI is a URL");
    assert_eq!(url.fragment(), None);
    assert!(url.username().is_empty() && url.password().is_none(), "user information in {raw:?}");
    match url.scheme() {
        "https" => assert!(url.host().is_some()),
        "http" => assert!(is_loopback(&url)),
        scheme => assert!(scheme.contains('.'), "{raw:?}"),
    }
    // What a browser would melt away was compared by nobody.
    let path = raw.split_once(':').map_or("", |(_, rest)| rest);
    let path = path.split('?').next().unwrap_or(path);
    let path = path.strip_prefix("//").map_or(path, |rest| rest.find('/').map_or("", |at| &rest[at..]));
    let empty = path.is_empty() && url.path() == "/";
    assert!(empty || url.path() == path, "{raw:?} leads to {}", url.path());
}

fn check_match(registered: &str, asked: &str) {
    if registered == asked {
        return;
    }
    let (own, other) = (Url::parse(registered).expect("a URL"), Url::parse(asked).expect("a URL"));
    assert!(own.scheme() == "http" && is_loopback(&own) && !matches!(own.host(), Some(Host::Domain(_))));
    assert_eq!((own.scheme(), own.host()), (other.scheme(), other.host()));
    assert_eq!((own.path(), own.query()), (other.path(), other.query()));
    assert_ne!(other.port(), Some(0));
}

/// Whoever asks chooses it: it stands in a policy and may end nothing there.
fn check_source(asked: &str) {
    let Some(source) = RedirectUri::form_action_source(asked) else { return };
    assert!(source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._:/[]".contains(&byte)));
    assert!(source.ends_with(':') || Url::parse(&source).expect("an origin").path() == "/");
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
