//! What the server says of itself, written once: exactly what works, and nothing else.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::client::ClientAuthMethod;
use grantway_core::digest::sha256;
use grantway_core::http::{APPLICATION_JSON, Reply};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::metadata::{ServerMetadata, supported_scopes};
use grantway_core::token::GrantType;
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};

use crate::addresses::{AUTHORIZE, Addresses, JWKS, TOKEN, USERINFO};

/// A document that browsers and clients may keep, with the tag by which they ask whether it changed.
#[derive(Debug)]
pub(crate) struct Cached {
    bytes: Vec<u8>,
    tag: String,
    lifetime: Duration,
}

impl Cached {
    pub(crate) fn new(bytes: Vec<u8>, lifetime: Duration) -> Self {
        let tag = format!("\"{}\"", base64url::encode(&sha256(&bytes)[..16]));
        Self { bytes, tag, lifetime }
    }

    /// The document, or 304 for whoever has it (RFC 9110 section 13.1.2).
    pub(crate) fn reply(&self, headers: &HeaderMap) -> Reply {
        let known = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == self.tag);
        let reply = if known {
            Reply::empty(StatusCode::NOT_MODIFIED)
        } else {
            Reply::empty(StatusCode::OK).with_body(APPLICATION_JSON, self.bytes.clone())
        };
        let keep = format!("public, max-age={}", self.lifetime.as_secs());
        [(ETAG, self.tag.as_str()), (CACHE_CONTROL, keep.as_str())]
            .into_iter()
            .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
            .fold(reply, |reply, (name, value)| reply.with(name, value))
    }
}

/// The discovery document. Both paths serve the same: OpenID Connect Discovery and RFC 8414 share their
/// members.
pub(crate) fn describe(addresses: &Addresses) -> Cached {
    // Strings and booleans: there is nothing that could fail to serialise.
    Cached::new(serde_json::to_vec(&document(addresses)).unwrap_or_default(), LIFETIME)
}

fn document(addresses: &Addresses) -> ServerMetadata {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    ServerMetadata {
        issuer: addresses.issuer.clone(),
        authorization_endpoint: Some(addresses.absolute(AUTHORIZE)),
        token_endpoint: Some(addresses.absolute(TOKEN)),
        userinfo_endpoint: Some(addresses.absolute(USERINFO)),
        jwks_uri: Some(addresses.absolute(JWKS)),
        scopes_supported: supported_scopes().iter().map(str::to_owned).collect(),
        response_types_supported: words(&["code"]),
        response_modes_supported: words(&["query"]),
        grant_types_supported: GrantType::ALL.map(|grant| grant.as_str().to_owned()).to_vec(),
        subject_types_supported: words(&["public"]),
        id_token_signing_alg_values_supported: SIGNING.to_vec(),
        token_endpoint_auth_methods_supported: ClientAuthMethod::ALL
            .map(|method| method.as_str().to_owned())
            .to_vec(),
        token_endpoint_auth_signing_alg_values_supported: SIGNING.to_vec(),
        claims_supported: words(&CLAIMS),
        code_challenge_methods_supported: words(&["S256"]),
        prompt_values_supported: words(&["none", "login", "consent", "select_account"]),
        claims_parameter_supported: Some(false),
        request_parameter_supported: Some(false),
        request_uri_parameter_supported: Some(false),
        authorization_response_iss_parameter_supported: Some(true),
        backchannel_logout_supported: Some(false),
        frontchannel_logout_supported: Some(false),
        extra: serde_json::Map::new(),
    }
}

const SIGNING: [JwsAlgorithm; 2] = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
const LIFETIME: Duration = Duration::from_secs(300);
const CLAIMS: [&str; 31] = [
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
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "address",
    "phone_number",
    "phone_number_verified",
];
