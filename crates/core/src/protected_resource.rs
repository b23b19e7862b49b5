//! What a protected resource says of itself: RFC 9728.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::{Position, Url};

use crate::error::Malformed;
use crate::jws::JwsAlgorithm;
use crate::loopback::is_loopback;
use crate::metadata::known;

/// The metadata document of a protected resource (RFC 9728 section 2). Absent members stay absent, members nobody here
/// knows are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the standard's, which says what they mean")]
pub struct ProtectedResourceMetadata {
    pub resource: String,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub authorization_servers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub bearer_methods_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub resource_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_documentation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_tos_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    #[serde(deserialize_with = "known", skip_serializing_if = "Vec::is_empty")]
    pub dpop_signing_alg_values_supported: Vec<JwsAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_bound_access_tokens_required: Option<bool>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The name of a protected resource (RFC 9728 section 1.2): its address over TLS, or on this machine, without fragment.
///
/// ```
/// # use grantway_core::protected_resource::ResourceIdentifier;
/// let resource: ResourceIdentifier = "https://api.example/orders?v=1".parse()?;
/// assert_eq!(resource.origin(), "https://api.example");
/// assert_eq!(resource.metadata_url(), "https://api.example/.well-known/oauth-protected-resource/orders?v=1");
/// assert_eq!(resource.metadata_path(), "/.well-known/oauth-protected-resource/orders");
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceIdentifier {
    given: Box<str>,
    origin: Box<str>,
    metadata_path: Box<str>,
    query: Box<str>,
}

impl ResourceIdentifier {
    /// As it was given: it is compared byte for byte (RFC 9728 section 3.3).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where its metadata lies (RFC 9728 section 3.1).
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("{}{}{}", self.origin, self.metadata_path, self.query)
    }

    /// The path of that address.
    #[must_use]
    pub fn metadata_path(&self) -> &str {
        &self.metadata_path
    }
}

impl FromStr for ResourceIdentifier {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed("resource");
        let url = Url::parse(raw).map_err(|_| MALFORMED)?;
        let here = is_loopback(&url.host().ok_or(MALFORMED)?);
        let sealed = url.scheme() == "https" || (url.scheme() == "http" && here);
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        // It stands in headers and documents as it was given.
        let plain = raw.bytes().all(|byte| byte.is_ascii_graphic()) && !raw.contains(['"', '\\']);
        if !(sealed && bare && plain) {
            return Err(MALFORMED);
        }
        // RFC 9728 section 3.1: a slash that ends the host is left out.
        let path = if url.path() == "/" { "" } else { url.path() };
        Ok(Self {
            given: raw.into(),
            origin: url.origin().ascii_serialization().into(),
            metadata_path: format!("{WELL_KNOWN}{path}").into(),
            query: url[Position::AfterPath..].into(),
        })
    }
}

impl TryFrom<String> for ResourceIdentifier {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<ResourceIdentifier> for String {
    fn from(resource: ResourceIdentifier) -> Self {
        resource.given.into()
    }
}

impl fmt::Display for ResourceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl fmt::Debug for ResourceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResourceIdentifier").field(&self.given).finish()
    }
}

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_lies_between_the_host_and_the_path() {
        for (resource, url) in [
            // RFC 9728 section 3.1.
            (
                "https://resource.example.com",
                "https://resource.example.com/.well-known/oauth-protected-resource",
            ),
            (
                "https://resource.example.com/resource1",
                "https://resource.example.com/.well-known/oauth-protected-resource/resource1",
            ),
            ("https://api.test/", "https://api.test/.well-known/oauth-protected-resource"),
            ("https://api.test/a/", "https://api.test/.well-known/oauth-protected-resource/a/"),
            ("https://api.test/?k=v", "https://api.test/.well-known/oauth-protected-resource?k=v"),
            ("http://[::1]:8080/a", "http://[::1]:8080/.well-known/oauth-protected-resource/a"),
        ] {
            assert_eq!(resource.parse::<ResourceIdentifier>().unwrap().metadata_url(), url);
        }
    }

    #[test]
    fn a_name_is_an_address_over_tls_or_on_this_machine() {
        for raw in [
            "http://api.test",
            "https://api.test/#a",
            "https://ada@api.test/",
            "urn:api",
            "/api",
            "",
            "https://api.test/a b",
            "https://api.test/\"",
        ] {
            assert_eq!(raw.parse::<ResourceIdentifier>(), Err(Malformed("resource")), "{raw}");
        }
    }

    #[test]
    fn members_nobody_knows_are_kept_and_absent_ones_stay_absent() {
        let text = r#"{"resource":"https://api.test","authorization_servers":["https://op.test"],"x":[1]}"#;
        let document: ProtectedResourceMetadata = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&document).unwrap(), text);
    }
}
