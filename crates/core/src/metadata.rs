//! What a server says of itself: RFC 8414 section 2, OpenID Connect Discovery section 3.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::error::Malformed;
use crate::jws::JwsAlgorithm;
use crate::scope::ScopeSet;

/// The metadata document of an authorization server or OpenID provider. Absent members stay absent,
/// members nobody here knows are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the standards', which say what they mean")]
pub struct ServerMetadata {
    pub issuer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_authorization_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub response_types_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub response_modes_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub subject_types_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub id_token_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub userinfo_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub acr_values_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub dpop_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub claims_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub prompt_values_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_parameter_supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_parameter_supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_uri_parameter_supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_pushed_authorization_requests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_response_iss_parameter_supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_supported: Option<bool>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One odd entry, such as an algorithm that nobody here knows, spoils no list, and `null` is an empty one.
pub(crate) fn known<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let entries = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}

/// Where the metadata of an issuer may lie, the likeliest first: as OpenID Connect Discovery section 4.1 has it, as RFC
/// 8414 section 3.1 has it, and as RFC 8414 section 5 has OpenID providers with a path do it.
///
/// ```
/// # use grantway_core::metadata::placements;
/// let places = placements("https://op.example/tenant")?;
/// assert_eq!(places[0], "https://op.example/tenant/.well-known/openid-configuration");
/// assert_eq!(places[1], "https://op.example/.well-known/oauth-authorization-server/tenant");
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
pub fn placements(issuer: &str) -> Result<Vec<String>, Malformed> {
    const MALFORMED: Malformed = Malformed("issuer");
    let url = Url::parse(issuer).map_err(|_| MALFORMED)?;
    // RFC 8414 section 2: no query, no fragment.
    if url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
        return Err(MALFORMED);
    }
    let whole = issuer.trim_end_matches('/');
    let origin = url.origin().ascii_serialization();
    let path = url.path().trim_end_matches('/');
    let mut places = vec![
        format!("{whole}/.well-known/openid-configuration"),
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
    ];
    if !path.is_empty() {
        places.push(format!("{origin}/.well-known/openid-configuration{path}"));
    }
    Ok(places)
}

/// Everything an application may ask for here, in the order metadata lists it.
#[must_use]
pub fn supported_scopes() -> ScopeSet {
    let words = [crate::scope::OPENID].into_iter().chain(crate::claims::RELEASED_BY.map(|(scope, _)| scope));
    let all = words.chain([crate::scope::OFFLINE_ACCESS]).collect::<Vec<_>>().join(" ");
    all.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_nobody_knows_are_kept_and_absent_ones_stay_absent() {
        let text = r#"{"issuer":"https://op.test","token_endpoint":"https://op.test/t","x_vendor":[1]}"#;
        let document: ServerMetadata = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&document).unwrap(), text);
    }

    #[test]
    fn an_algorithm_that_nobody_knows_spoils_nothing() {
        let text = r#"{"issuer":"https://op.test","id_token_signing_alg_values_supported":["ES256K","RS256"],"scopes_supported":null}"#;
        let document: ServerMetadata = serde_json::from_str(text).unwrap();
        assert_eq!(document.id_token_signing_alg_values_supported, [JwsAlgorithm::RS256]);
        assert!(document.scopes_supported.is_empty());
    }

    #[test]
    fn an_issuer_is_an_address_without_query_and_fragment() {
        for (issuer, places) in [
            ("https://op.test", Some(2)),
            ("https://op.test/", Some(2)),
            ("https://op.test/a/b/", Some(3)),
            ("https://op.test/?a", None),
            ("https://op.test/#a", None),
            ("op.test", None),
            ("mailto:op@test", None),
        ] {
            assert_eq!(placements(issuer).ok().map(|places| places.len()), places, "{issuer}");
        }
    }

    #[test]
    fn the_supported_scopes_are_all_there() {
        assert_eq!(supported_scopes().iter().count(), 8);
    }
}
