use http::StatusCode;
use serde_json::json;

use super::client_authentication;
use super::desk::Desk;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::reply::Reply;
use super::scope;

/// OpenID Connect Discovery section 3 and RFC 8414 section 2 at once.
pub(super) fn answer(desk: &Desk) -> Reply {
    let issuer = if desk.has(Fault::IssuerMismatch) { "https://issuer.test" } else { &desk.issuer };
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": desk.url(Endpoint::Authorize),
        "token_endpoint": desk.url(Endpoint::Token),
        "jwks_uri": desk.url(Endpoint::Jwks),
        "userinfo_endpoint": desk.url(Endpoint::Userinfo),
        "registration_endpoint": desk.url(Endpoint::Registration),
        "introspection_endpoint": desk.url(Endpoint::Introspection),
        "revocation_endpoint": desk.url(Endpoint::Revocation),
        "device_authorization_endpoint": desk.url(Endpoint::DeviceAuthorization),
        "pushed_authorization_request_endpoint": desk.url(Endpoint::PushedAuthorization),
        "scopes_supported": scope::KNOWN,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": client_authentication::methods(desk),
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256", "HS256"],
        "authorization_response_iss_parameter_supported": true,
    });
    if !desk.has(Fault::PkceRejected) {
        document["code_challenge_methods_supported"] = json!(["S256"]);
    }
    Reply::json(StatusCode::OK, &document)
}

/// Is there a document at that path of the host?
pub(super) fn is_at(desk: &Desk, path: &str) -> bool {
    // RFC 8414 section 3.1 puts its word before the issuer's path, OpenID Connect Discovery behind it.
    let issuer_path = super::path_of(&desk.issuer);
    let openid = path == format!("{issuer_path}{}", Endpoint::Discovery.path());
    let oauth = path == format!("/.well-known/oauth-authorization-server{issuer_path}");
    (openid && !desk.has(Fault::NoOpenIdDocument)) || (oauth && !desk.has(Fault::NoOauthDocument))
}
