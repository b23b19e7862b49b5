//! The `Authorization` header: Basic as RFC 6749 section 2.3.1 wants it, Bearer as RFC 6750 section 2.1, DPoP as
//! RFC 9449 section 7.1.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use url::form_urlencoded::byte_serialize;

use super::form::decode;
use crate::error::Malformed;
use crate::ids::ClientId;
use crate::secret::Secret;

/// A client's name and secret from a Basic header.
#[derive(Clone, Debug)]
pub struct BasicCredentials {
    /// Form-decoded.
    pub client_id: ClientId,
    /// Form-decoded; may be empty.
    pub client_secret: Secret,
}

/// The Basic credentials of a request, if it carries any. Both halves are form-decoded, which is what
/// RFC 6749 section 2.3.1 has clients do and others forget: see [`BasicCredentials`].
pub fn basic_credentials(headers: &HeaderMap) -> Result<Option<BasicCredentials>, Malformed> {
    let Some(credentials) = credentials(headers, "basic")? else {
        return Ok(None);
    };
    let plain = STANDARD.decode(credentials).map_err(|_| MALFORMED)?;
    let at = plain.iter().position(|byte| *byte == b':').ok_or(MALFORMED)?;
    let half = |raw: &[u8]| decode(raw).map_err(|_| MALFORMED);
    let client_id = half(&plain[..at])?.parse().map_err(|_| MALFORMED)?;
    let client_secret = Secret::new(half(&plain[at + 1..])?);
    Ok(Some(BasicCredentials { client_id, client_secret }))
}

/// What a client sends behind `Basic`: each half is form-encoded before they are joined (RFC 6749 section 2.3.1), as
/// [`basic_credentials`] reads them.
#[must_use]
pub fn encoded_basic(client_id: &str, client_secret: &Secret) -> Secret {
    let encoded = |half: &str| byte_serialize(half.as_bytes()).collect::<String>();
    Secret::new(STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(client_secret.expose()))))
}

/// The bearer token of a request, if it carries one: `1*( ALPHA / DIGIT / "-._~+/" ) *"="`.
pub fn bearer_token(headers: &HeaderMap) -> Result<Option<Secret>, Malformed> {
    token(headers, "bearer")
}

/// The token of a request that comes with a proof of possession (RFC 9449 section 7.1), if it carries one.
pub fn dpop_token(headers: &HeaderMap) -> Result<Option<Secret>, Malformed> {
    token(headers, "dpop")
}

fn token(headers: &HeaderMap, scheme: &str) -> Result<Option<Secret>, Malformed> {
    let Some(token) = credentials(headers, scheme)? else {
        return Ok(None);
    };
    let body = token.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    (!body.is_empty() && body.bytes().all(legal)).then(|| Some(Secret::new(token))).ok_or(MALFORMED)
}

/// What follows the scheme, if the one `Authorization` header has that scheme.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Result<Option<&'a str>, Malformed> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(MALFORMED);
    }
    let text = value.to_str().map_err(|_| MALFORMED)?;
    let (own, rest) = text.split_once(' ').unwrap_or((text, ""));
    // RFC 9110 section 11.1: the scheme is compared without regard to case.
    Ok(own.eq_ignore_ascii_case(scheme).then(|| rest.trim_matches(' ')))
}

const MALFORMED: Malformed = Malformed("Authorization header");

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn both_halves_of_basic_are_form_decoded() {
        let header = format!("bAsIc {}", STANDARD.encode("a%3Ab:c%2Bd+e:f"));
        let found = basic_credentials(&with(&header)).unwrap().unwrap();
        assert_eq!(found.client_id.as_str(), "a:b");
        assert_eq!(found.client_secret.expose(), "c+d e:f");
    }

    #[test]
    fn malformed_basic_is_refused_and_another_scheme_is_none_of_ours() {
        for bad in ["Basic", "Basic !!!", "Basic YQ==", "Basic OnNlY3JldA==", "Basic JTAwOmE="] {
            assert!(basic_credentials(&with(bad)).is_err(), "{bad}");
        }
        assert!(basic_credentials(&with("Bearer x")).unwrap().is_none());
        assert!(basic_credentials(&HeaderMap::new()).unwrap().is_none());
    }

    #[test]
    fn two_authorization_headers_are_refused() {
        let mut headers = with("Bearer a");
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert!(bearer_token(&headers).is_err());
    }

    #[test]
    fn a_bearer_token_is_one_word() {
        assert_eq!(bearer_token(&with("bearer  a.b-c_d==")).unwrap().unwrap().expose(), "a.b-c_d==");
        for bad in ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer ="] {
            assert!(bearer_token(&with(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_with_a_proof_is_no_bearer_token_nor_the_other_way_round() {
        assert_eq!(dpop_token(&with("dPoP a.b")).unwrap().unwrap().expose(), "a.b");
        assert!(bearer_token(&with("DPoP a.b")).unwrap().is_none());
        assert!(dpop_token(&with("Bearer a.b")).unwrap().is_none());
    }

    proptest! {
        #[test]
        fn no_header_breaks_the_parsers(text in "[ -~]{0,80}") {
            let _ = basic_credentials(&with(&text));
            let _ = basic_credentials(&with(&format!("Basic {text}")));
            let _ = bearer_token(&with(&text));
        }
    }
}
