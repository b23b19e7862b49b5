use cookie::Cookie;
use grantway_core::seam::{Clock, SystemClock};
use http::header::SET_COOKIE;
use url::Url;

use crate::Answer;

/// The cookies of one person, by RFC 6265 as far as an honest issuer goes.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    kept: Vec<Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    name: String,
    value: String,
    host: String,
    /// Sent to hosts below as well.
    below: bool,
    path: String,
}

impl Jar {
    /// Takes what an answer sets, and drops what it ends.
    pub fn keep(&mut self, url: &Url, answer: &Answer) {
        let set = answer.headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
        for cookie in set.filter_map(|set| Cookie::parse(set).ok()) {
            let own = url.host_str().unwrap_or_default();
            let domain = cookie.domain().map(|domain| domain.trim_start_matches('.'));
            let kept = Kept {
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                host: domain.unwrap_or(own).to_owned(),
                below: domain.is_some(),
                path: cookie
                    .path()
                    .filter(|path| path.starts_with('/'))
                    .map_or_else(|| folder(url), str::to_owned),
            };
            self.kept.retain(|other| {
                (&other.name, &other.host, &other.path) != (&kept.name, &kept.host, &kept.path)
            });
            if !is_over(&cookie) {
                self.kept.push(kept);
            }
        }
    }

    /// The `Cookie` header for an address, if there is any.
    #[must_use]
    pub fn header(&self, url: &Url) -> Option<String> {
        let host = url.host_str().unwrap_or_default();
        let sent = self.kept.iter().filter(|kept| {
            let host = host == kept.host || kept.below && host.ends_with(&format!(".{}", kept.host));
            host && is_within(url.path(), &kept.path)
        });
        let pairs: Vec<_> = sent.map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Section 5.1.4.
fn folder(url: &Url) -> String {
    let path = url.path();
    let end = path.rfind('/').filter(|end| *end > 0);
    end.map_or_else(|| "/".to_owned(), |end| path[..end].to_owned())
}

fn is_within(path: &str, folder: &str) -> bool {
    path == folder
        || path.strip_prefix(folder).is_some_and(|rest| folder.ends_with('/') || rest.starts_with('/'))
}

/// Section 5.2.2: of the two, `Max-Age` counts.
fn is_over(cookie: &Cookie<'_>) -> bool {
    if let Some(age) = cookie.max_age() {
        return age.whole_seconds() <= 0;
    }
    let now = SystemClock.now().unix();
    cookie.expires_datetime().is_some_and(|end| end.unix_timestamp() <= now)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    #[test]
    fn a_cookie_goes_where_it_belongs_until_it_ends() {
        let mut jar = Jar::default();
        let at = Url::parse("https://op.test/interaction/1").unwrap();
        for set in ["a=1; Path=/", "b=2", "c=3; Path=/interaction/1", "d=4; Path=/; Domain=op.test"] {
            jar.keep(&at, &setting(set));
        }
        for (address, header) in [
            ("https://op.test/interaction/2", Some("a=1; b=2; d=4")),
            ("https://op.test/interaction/1/login", Some("a=1; b=2; c=3; d=4")),
            ("https://op.test/interactions", Some("a=1; d=4")),
            ("https://login.op.test/", Some("d=4")),
            ("https://other.test/", None),
        ] {
            assert_eq!(jar.header(&Url::parse(address).unwrap()).as_deref(), header, "{address}");
        }

        jar.keep(&at, &setting("a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
        jar.keep(&at, &setting("d=; Path=/; Domain=op.test; Max-Age=0"));

        assert_eq!(jar.header(&Url::parse("https://op.test/").unwrap()), None);
    }

    fn setting(cookie: &'static str) -> Answer {
        let headers = HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static(cookie))]);
        Answer { status: StatusCode::OK, headers, body: Vec::new() }
    }
}
