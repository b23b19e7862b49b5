//! Forms that only our own pages can post.

use std::fmt;

use http::HeaderMap;
use http::header::{HeaderName, ORIGIN};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base64url;
use crate::digest::hmac_sha256;

/// The key that binds a form to the browser it was sent to.
#[derive(Clone)]
pub struct CsrfKey(Zeroizing<[u8; 32]>);

impl CsrfKey {
    /// The same key in every process of an instance.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The hidden field of a form that does `action` for the browser that holds `holder` (the value
    /// of its cookie, or the name of its session), about `subject`.
    #[must_use]
    pub fn token(&self, action: &str, holder: &str, subject: &str) -> String {
        let parts = [action.as_bytes(), holder.as_bytes(), subject.as_bytes()];
        base64url::encode(hmac_sha256(&self.0, &parts))
    }

    /// Is `token` the hidden field of that form?
    #[must_use]
    pub fn accepts(&self, token: &str, action: &str, holder: &str, subject: &str) -> bool {
        self.token(action, holder, subject).as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl fmt::Debug for CsrfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfKey(redacted)")
    }
}

/// Was this form posted by a page of `origin`? Browsers say so in `Origin`, or at least in
/// `Sec-Fetch-Site`; whoever sends neither is no browser and can forge nothing in a person's name.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get(ORIGIN) {
        Some(sent) => sent.as_bytes() == origin.as_bytes(),
        None => headers
            .get(HeaderName::from_static("sec-fetch-site"))
            .is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_good_for_one_form_of_one_browser() {
        let key = CsrfKey::new([1; 32]);
        let token = key.token("consent", "sess_1", "c1");
        assert!(key.accepts(&token, "consent", "sess_1", "c1"));
        assert!(!key.accepts(&token, "consent", "sess_2", "c1"));
        assert!(!key.accepts(&token, "sign-in", "sess_1", "c1"));
        assert!(!key.accepts("", "consent", "sess_1", "c1"));
        assert!(!CsrfKey::new([2; 32]).accepts(&token, "consent", "sess_1", "c1"));
    }

    #[test]
    fn another_origin_or_an_opaque_one_is_refused() {
        for (origin, site, same) in [
            (Some("https://op.test"), None, true),
            (Some("https://op.test:444"), None, false),
            (Some("null"), Some("same-origin"), false),
            (None, Some("cross-site"), false),
            (None, Some("same-origin"), true),
            (None, None, true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(is_same_origin(&headers, "https://op.test"), same, "{origin:?} {site:?}");
        }
    }
}
