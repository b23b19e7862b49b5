//! What the server says of itself: OpenID Connect Discovery section 4, RFC 8414 section 3.

use std::time::Duration;

use bytes::Bytes;
use grantway_core::authorize::ResponseMode;
use grantway_core::base64url;
use grantway_core::claims::RELEASED_BY;
use grantway_core::client::ClientAuthMethod;
use grantway_core::digest::sha256;
use grantway_core::http::{APPLICATION_JSON, Language, Reply};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::metadata::{ServerMetadata, supported_scopes};
use grantway_core::token::GrantType;
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::ServerParts;
use crate::addresses::{AUTHORIZE, Addresses, INTROSPECTION, JWKS, LOGOUT, REVOCATION, TOKEN, USERINFO};

/// Both well-known documents: what OpenID Connect asks for is also a document of RFC 8414.
pub(crate) fn document(addresses: &Addresses, parts: &ServerParts) -> Document {
    Document::of(&metadata(addresses, parts), MAX_AGE)
}

/// What this server does, and nothing else.
fn metadata(addresses: &Addresses, parts: &ServerParts) -> ServerMetadata {
    let at = |path| Some(addresses.absolute(path));
    let words = |words: &[&str]| words.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    let methods = ClientAuthMethod::ALL.map(ClientAuthMethod::as_str);
    let proving: Vec<_> =
        methods.into_iter().filter(|method| *method != ClientAuthMethod::None.as_str()).collect();
    ServerMetadata {
        issuer: addresses.issuer.clone(),
        authorization_endpoint: at(AUTHORIZE),
        token_endpoint: at(TOKEN),
        userinfo_endpoint: at(USERINFO),
        introspection_endpoint: at(INTROSPECTION),
        revocation_endpoint: at(REVOCATION),
        end_session_endpoint: at(LOGOUT),
        jwks_uri: at(JWKS),
        scopes_supported: supported_scopes().iter().map(str::to_owned).collect(),
        response_types_supported: words(&["code"]),
        response_modes_supported: words(&ResponseMode::ALL.map(ResponseMode::as_str)),
        grant_types_supported: words(&GrantType::ALL.map(GrantType::as_str)),
        subject_types_supported: words(&["public"]),
        id_token_signing_alg_values_supported: JwsAlgorithm::OF_AN_INSTANCE.to_vec(),
        userinfo_signing_alg_values_supported: JwsAlgorithm::OF_AN_INSTANCE.to_vec(),
        token_endpoint_auth_methods_supported: words(&methods),
        token_endpoint_auth_signing_alg_values_supported: JwsAlgorithm::ALL.to_vec(),
        // RFC 7662 section 2.1: whoever asks has to prove who he is.
        introspection_endpoint_auth_methods_supported: words(&proving),
        introspection_endpoint_auth_signing_alg_values_supported: JwsAlgorithm::ALL.to_vec(),
        revocation_endpoint_auth_methods_supported: words(&methods),
        revocation_endpoint_auth_signing_alg_values_supported: JwsAlgorithm::ALL.to_vec(),
        acr_values_supported: parts.acr_values_supported.clone(),
        claims_supported: TOKEN_CLAIMS.iter().copied().chain(account_claims()).map(str::to_owned).collect(),
        code_challenge_methods_supported: words(&["S256"]),
        prompt_values_supported: words(&["none", "login", "consent", "select_account"]),
        ui_locales_supported: words(&Language::ALL.map(Language::tag)),
        claims_parameter_supported: Some(true),
        request_parameter_supported: Some(false),
        request_uri_parameter_supported: Some(false),
        authorization_response_iss_parameter_supported: Some(true),
        backchannel_logout_supported: Some(false),
        frontchannel_logout_supported: Some(false),
        device_authorization_endpoint: None,
        pushed_authorization_request_endpoint: None,
        registration_endpoint: None,
        dpop_signing_alg_values_supported: Vec::new(),
        require_pushed_authorization_requests: None,
        extra: serde_json::Map::new(),
    }
}

/// A document that is the same for everybody: written once, and sent again only when it changed.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    body: Bytes,
    etag: HeaderValue,
    cache: HeaderValue,
}

impl Document {
    pub(crate) fn of(document: &impl Serialize, max_age: Duration) -> Self {
        let body = Reply::json(StatusCode::OK, document).body;
        let etag = format!("\"{}\"", base64url::encode(&sha256(&body)[..16]));
        let etag = HeaderValue::from_str(&etag).expect("base64url and quotes are legal in a header");
        let cache = format!("public, max-age={}", max_age.as_secs());
        let cache = HeaderValue::from_str(&cache).expect("words and digits are legal in a header");
        Self { body, etag, cache }
    }

    pub(crate) fn answer(&self, headers: &HeaderMap) -> Reply {
        let reply = if self.is_known(headers) {
            Reply::empty(StatusCode::NOT_MODIFIED)
        } else {
            Reply::empty(StatusCode::OK).with_body(APPLICATION_JSON, self.body.clone())
        };
        reply.with(ETAG, self.etag.clone()).with(CACHE_CONTROL, self.cache.clone())
    }

    /// RFC 9110 section 13.1.2: compared weakly, in a list, or anything at all.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let listed = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        listed
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || self.etag.as_bytes() == tag.strip_prefix("W/").unwrap_or(tag).as_bytes())
    }
}

/// What a server does changes when it is started anew.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);

fn account_claims() -> impl Iterator<Item = &'static str> {
    RELEASED_BY.iter().flat_map(|(_, claims)| claims.iter().copied())
}

/// What is said beside the claims of the account.
const TOKEN_CLAIMS: [&str; 13] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "sid",
    "at_hash",
    "user_id",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_and_weakly() {
        let document = Document::of(&["x"], MAX_AGE);
        let tag = document.etag.to_str().unwrap().to_owned();
        for (sent, status) in [
            (tag.clone(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\" , {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
            (tag.trim_matches('"').to_owned(), 200),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(&sent).unwrap());

            let reply = document.answer(&headers);

            assert_eq!(reply.status.as_u16(), status, "{sent}");
            assert_eq!(reply.body.is_empty(), status == 304, "{sent}");
            assert_eq!(reply.headers[ETAG], tag.as_str(), "{sent}");
        }
    }
}
